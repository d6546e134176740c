using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>Gives a child's user namespace its ID maps.</summary>
/// <remarks>user_namespaces(7), newuidmap(1). The two tools run side by side: each takes milliseconds.</remarks>
internal static class IdMapWriter
{
    /// <summary>Writes them, or starts the tools that do.</summary>
    public static PendingIdMaps Begin(WriteIdMapsOp op, int pid)
    {
        if (op.Writer != MapWriterKind.Tool)
        {
            Write(op, pid);
            return new PendingIdMaps(null, null);
        }

        MapToolRun uid = new("newuidmap", pid, op.Uid);
        try
        {
            return new PendingIdMaps(uid, new MapToolRun("newgidmap", pid, op.Gid));
        }
        catch
        {
            uid.Dispose();
            throw;
        }
    }

    /// <summary>Writes them directly.</summary>
    public static void Write(WriteIdMapsOp op, int pid)
    {
        if (op.DenySetgroups)
        {
            // An unprivileged gid_map needs this first (Linux 3.19): else a process could drop a group that denies it something.
            WriteFile($"/proc/{pid}/setgroups", "deny");
        }

        WriteFile($"/proc/{pid}/gid_map", Lines(op.Gid));
        WriteFile($"/proc/{pid}/uid_map", Lines(op.Uid));
    }

    private static void WriteFile(string path, string text)
    {
        SysResult result = SmallFile.Write(path, text);
        if (!result.Ok)
        {
            throw new KernelException(
                "write",
                path,
                result.Errno,
                result.Errno == Errno.EPERM
                    ? $"this process may not write the map {text.TrimEnd().Replace("\n", ", ", StringComparison.Ordinal)}: only its own ID may be mapped without CAP_SETUID and CAP_SETGID in the parent user namespace"
                    : result.Errno == Errno.EINVAL ? "the kernel takes up to 340 mappings that do not overlap, all of whose host IDs exist in csrun's own user namespace" : null);
        }
    }

    private static string Lines(ImmutableArray<IdMapping> map)
    {
        StringBuilder text = new();
        foreach (IdMapping mapping in map)
        {
            text.Append(mapping.ContainerId).Append(' ').Append(mapping.HostId).Append(' ').Append(mapping.Size).Append('\n');
        }

        return text.ToString();
    }
}
