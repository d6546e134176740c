using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Crypto;

namespace Csrun.Linux.Seccomp;

/// <summary>Names for compiled filters in <see cref="SeccompCache"/>: a SHA-256 of all that a filter is made from.</summary>
public static class SeccompKey
{
    /// <summary>The key of a profile.</summary>
    public static string Of(SeccompProfile profile)
    {
        List<byte> bytes = new(8192);
        Add(bytes, SeccompCacheFile.Version);
        Add(bytes, SeccompCompiler.Action(profile.DefaultAction, profile.DefaultErrnoRet));
        Add(bytes, (uint)profile.Flags);
        Add(bytes, profile.NotesUnknownCalls ? 1u : 0u);
        Add(bytes, (uint)RuntimeInformation.ProcessArchitecture);
        Add(bytes, (uint)profile.Architectures.Length);
        foreach (ScmpArch arch in profile.Architectures)
        {
            Add(bytes, (uint)arch);
        }

        Add(bytes, (uint)profile.Rules.Length);
        foreach (SeccompRule rule in profile.Rules)
        {
            Add(bytes, SeccompCompiler.Action(rule.Action, rule.ErrnoRet));
            Add(bytes, (uint)rule.Names.Length);
            foreach (string name in rule.Names)
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(name);
                Add(bytes, (uint)utf8.Length);
                bytes.AddRange(utf8);
            }

            Add(bytes, (uint)rule.Args.Length);
            foreach (SeccompArg arg in rule.Args)
            {
                Add(bytes, arg.Index);
                Add(bytes, (uint)arg.Op);
                Add(bytes, arg.Value);
                Add(bytes, arg.ValueTwo);
            }
        }

        return Hash("profile", CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>The key of a profile file together with what decides which of its rules hold, so that a known file need not be read as JSON.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="kernel">The machine's kernel.</param>
    public static string OfFile(ReadOnlySpan<byte> json, CapabilitySet capabilities, KernelVersion kernel)
    {
        List<byte> bytes = new(json.Length + 64);
        Add(bytes, SeccompCacheFile.Version);
        Add(bytes, (uint)RuntimeInformation.ProcessArchitecture);
        Add(bytes, capabilities.Mask);
        Add(bytes, (uint)kernel.Major);
        Add(bytes, (uint)kernel.Minor);
        bytes.AddRange(json);
        return Hash("file", CollectionsMarshal.AsSpan(bytes));
    }

    private static string Hash(string kind, ReadOnlySpan<byte> bytes) =>
        $"{kind}-{Convert.ToHexStringLower(ManagedSha256.Of(bytes))}";

    private static void Add(List<byte> bytes, ulong value)
    {
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, value);
        bytes.AddRange(eight);
    }
}
