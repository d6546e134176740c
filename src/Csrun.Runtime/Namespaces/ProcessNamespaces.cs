using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Namespaces;

/// <summary>Reads of /proc which namespaces a process is in.</summary>
public static class ProcessNamespaces
{
    /// <summary>The process, or why it is not told.</summary>
    /// <param name="pid">Its number, or <c>self</c>.</param>
    /// <param name="errno">EACCES where csrun may not look at it (ptrace(2), access mode checking), ENOENT where it has ended.</param>
    public static NamespaceProcess? Read(string pid, out Errno errno)
    {
        SysResult user = Link(pid, "user", out ulong inode);
        errno = user.Errno;
        if (!user.Ok)
        {
            return null;
        }

        ImmutableSortedDictionary<NamespaceKind, ulong>.Builder namespaces = ImmutableSortedDictionary.CreateBuilder<NamespaceKind, ulong>();
        namespaces[NamespaceKind.User] = inode;
        foreach (NamespaceKind kind in NamespaceKinds.All)
        {
            // A kernel may lack a kind (time namespaces came with 5.6).
            if (kind != NamespaceKind.User && Link(pid, kind.File(), out inode).Ok)
            {
                namespaces[kind] = inode;
            }
        }

        ulong? forChildren = Link(pid, "pid_for_children", out ulong later).Ok && namespaces.TryGetValue(NamespaceKind.Pid, out ulong now) && later != now ? later : null;
        (int outside, int inside) = Numbers(pid);
        return new NamespaceProcess(outside, inside, Command(pid), namespaces.ToImmutable()) { PidForChildren = forChildren };
    }

    /// <summary>The command line, or the name in brackets.</summary>
    /// <param name="pid">The process.</param>
    public static string Command(string pid)
    {
        string words = (SmallFile.Read($"/proc/{pid}/cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ').Trim();
        return words.Length != 0 ? words : $"[{SmallFile.Read($"/proc/{pid}/comm")?.TrimEnd('\n') ?? "?"}]";
    }

    // "mnt:[4026531841]"
    private static SysResult Link(string pid, string file, out ulong inode)
    {
        inode = 0;
        Span<byte> target = stackalloc byte[64];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes($"/proc/{pid}/ns/{file}\0"), target);
        if (!read.Ok)
        {
            return read;
        }

        ReadOnlySpan<byte> text = target[..read.Int];
        int open = text.IndexOf((byte)'[');
        return open >= 0 && text[^1] == ']' && ulong.TryParse(text[(open + 1)..^1], NumberStyles.None, CultureInfo.InvariantCulture, out inode)
            ? read
            : new SysResult(0, Errno.EINVAL);
    }

    // Of status(5): "Pid:\t4242" and "NSpid:\t4242\t1", from csrun's PID namespace to the process's own.
    private static (int Outside, int Inside) Numbers(string pid)
    {
        (int outside, int inside) = (0, 0);
        foreach (string line in (SmallFile.Read($"/proc/{pid}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("Pid:", StringComparison.Ordinal))
            {
                _ = int.TryParse(line.AsSpan(4).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out outside);
            }
            else if (line.StartsWith("NSpid:", StringComparison.Ordinal))
            {
                _ = int.TryParse(line.Split('\t')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out inside);
            }
        }

        return (outside, inside);
    }
}
