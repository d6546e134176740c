using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>The mount option <c>tmpcopyup</c>: a tmpfs that begins with what the image has there, and with that directory's mode.</summary>
/// <remarks>Where the image has nothing there, which is the case that engines rely on (podman's --read-only and --tmpfs), an empty tmpfs is
/// just that. Where it has something the option stays, and is refused with the others that csrun cannot honour.</remarks>
internal static class CopyUp
{
    private const string Option = "tmpcopyup";

    /// <summary>The configuration without the option where there is nothing to copy.</summary>
    internal static Spec Resolve(Spec spec, string rootfs)
    {
        if (!spec.Mounts.Any(IsAsked))
        {
            return spec;
        }

        SysResult opened = Sys.Openat2(null, rootfs, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            return spec;
        }

        using SafeFd root = new(opened.Int);
        return spec with { Mounts = [.. spec.Mounts.Select(mount => IsAsked(mount) ? Resolve(mount, root) : mount)] };
    }

    private static bool IsAsked(Mount mount) => mount.Type == "tmpfs" && mount.Options.Contains(Option);

    private static Mount Resolve(Mount mount, SafeFd root)
    {
        IEnumerable<string> others = mount.Options.Where(option => option != Option);
        SysResult opened = Sys.Openat2(root, mount.Destination, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS);
        if (opened.Errno == Errno.ENOENT)
        {
            return mount with { Options = [.. others] };
        }

        if (!opened.Ok)
        {
            return mount;
        }

        using SafeFd directory = new(opened.Int);
        if (DirectoryNames.Of(directory).Any() || !Sys.Statx(directory, "", out FileStat stat).Ok)
        {
            return mount;
        }

        bool mode = mount.Options.Any(option => option.StartsWith("mode=", StringComparison.Ordinal));
        return mount with { Options = mode ? [.. others] : [.. others, $"mode={Convert.ToString(stat.mode & 0xfff, 8)}"] };
    }
}
