using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan.Planning;

namespace Csrun.Engine;

/// <summary>Modes of the directories that a configuration's tmpfs mounts without <c>mode=</c> cover, which become theirs, as with runc:
/// /run stays 0755, and /tmp 1777. The owner does not: it stays the container's root.</summary>
/// <remarks>Looked at as the caller, and within the root file system alone. What the caller cannot reach there has no mode here, and the
/// kernel's default holds, as where there is nothing.</remarks>
internal static class CoveredModesProbe
{
    /// <summary>The modes, by the mounts' destinations.</summary>
    /// <param name="mounts">All mounts, in their order.</param>
    /// <param name="configured">Those of the configuration: csrun's own <c>--tmpfs</c> has Docker's default.</param>
    /// <param name="rootfs">The root file system's directory on the host.</param>
    internal static IReadOnlyDictionary<string, uint> Probe(IReadOnlyList<Mount> mounts, IReadOnlyList<Mount> configured, string rootfs)
    {
        Dictionary<string, uint> modes = [];
        for (int i = 0; i < mounts.Count; i++)
        {
            Mount mount = mounts[i];
            if (TakesMode(mount) && configured.Any(one => ReferenceEquals(one, mount)) && Mode(mounts, i, rootfs) is { } mode)
            {
                modes.TryAdd(mount.Destination, mode);
            }
        }

        return modes;
    }

    private static bool TakesMode(Mount mount) =>
        mount.Type == "tmpfs" && !mount.Options.Any(option => option is MountOptions.CopyUp or "remount" || option.StartsWith("mode=", StringComparison.Ordinal));

    private static uint? Mode(IReadOnlyList<Mount> mounts, int index, string rootfs)
    {
        string destination = mounts[index].Destination;
        for (int i = index - 1; i >= 0; i--)
        {
            Mount earlier = mounts[i];
            string top = earlier.Destination.TrimEnd('/');
            MountOptions options = MountOptions.Parse(earlier.Options, earlier.Type);
            if (options.Remount || earlier.Options.Contains(MountOptions.CopyUp) || !$"{destination.TrimEnd('/')}/".StartsWith($"{top}/", StringComparison.Ordinal))
            {
                continue;
            }

            // What is there by then is the earlier mount's. A link in a volume leads through the container's root: it is not followed here.
            return options.Bind && earlier.Source is { } source
                ? Mode(source, destination[Math.Min(top.Length, destination.Length)..], ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | (options.Recursive ? 0 : ResolveFlags.RESOLVE_NO_XDEV))
                : null;
        }

        return Mode(rootfs, destination, ResolveFlags.RESOLVE_IN_ROOT);
    }

    private static uint? Mode(string top, string path, ResolveFlags resolve)
    {
        const OpenFlags Look = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY;
        SysResult root = Sys.Openat2(null, top, Look);
        if (!root.Ok)
        {
            return null;
        }

        using SafeFd directory = root.FdOrThrow("openat2", top);
        SysResult opened = Sys.Openat2(directory, path.Trim('/') is { Length: > 0 } below ? below : ".", Look, 0, resolve | ResolveFlags.RESOLVE_NO_MAGICLINKS);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd covered = opened.FdOrThrow("openat2", path);
        return Sys.Statx(covered, "", out FileStat stat).Ok ? stat.mode & 0xfffu : null;
    }
}
