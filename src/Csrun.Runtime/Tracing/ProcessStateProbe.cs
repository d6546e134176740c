using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Plan.Tracing;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Tracing;

/// <summary>Looks at a process through /proc/PID, for <c>--trace</c>.</summary>
internal static class ProcessStateProbe
{
    private static readonly string[] s_namespaces = ["user", "mnt", "pid_for_children", "net", "ipc", "uts", "cgroup", "time_for_children"];

    // Of status(5) what a launch changes: IDs, capabilities, no_new_privs, the filter.
    private static readonly string[] s_status = ["Umask", "Uid", "Gid", "Groups", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"];

    /// <summary>Looks; <see cref="ProcessState.Unknown"/> where the process has gone or may not be looked at.</summary>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    public static ProcessState Read(int pid)
    {
        string directory = $"/proc/{pid}";
        ImmutableSortedDictionary<string, string>.Builder values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (Link($"{directory}/ns/user") is null)
        {
            // Everybody may read its status, even when it is not dumpable (proc(5)).
            AddStatus(SmallFile.Read($"{directory}/status") ?? "", values);
            return values.Count == 0 ? ProcessState.Unknown : new ProcessState { Values = values.ToImmutable(), IsPartial = true };
        }

        foreach (string name in s_namespaces)
        {
            if (Link($"{directory}/ns/{name}") is { } inode)
            {
                values[$"ns/{name}"] = inode;
            }
        }

        values["uid_map"] = Map($"{directory}/uid_map");
        values["gid_map"] = Map($"{directory}/gid_map");
        values["setgroups"] = SmallFile.Read($"{directory}/setgroups")?.Trim() ?? "";
        values["cwd"] = Link($"{directory}/cwd") ?? "";
        AddStatus(SmallFile.Read($"{directory}/status") ?? "", values);
        string mounts = ReadWhole($"{directory}/mountinfo");
        return new ProcessState
        {
            Values = values.ToImmutable(),
            Mounts = [.. mounts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(ProcessState.MountLine)],
        };
    }

    private static void AddStatus(string status, ImmutableSortedDictionary<string, string>.Builder values)
    {
        foreach (string line in status.Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && Array.IndexOf(s_status, line[..colon]) >= 0)
            {
                values[line[..colon]] = line[(colon + 1)..].Trim().Replace('\t', ' ');
            }
        }
    }

    private static string Map(string path) => string.Join(
        ", ",
        (SmallFile.Read(path) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    // mountinfo of a host with many containers is larger than SmallFile's limit for a text.
    private static string ReadWhole(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return "";
        }

        using Linux.Handles.SafeFd fd = new(opened.Int);
        return Encoding.UTF8.GetString(SmallFile.ReadAll(fd, 16 << 20) ?? []);
    }

    private static string? Link(string path)
    {
        Span<byte> target = stackalloc byte[4096];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes(path + '\0'), target);
        return read.Ok ? Encoding.UTF8.GetString(target[..read.Int]) : null;
    }
}
