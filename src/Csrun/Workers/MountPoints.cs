using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Workers;

/// <summary>Makes the mount points that every container needs where an image lacks them, once, in the tree that all its containers share.</summary>
/// <remarks>Otherwise each run would copy /etc up into its own layer for an empty file that a mount covers at once.</remarks>
internal static class MountPoints
{
    /// <summary>Adds what is missing; what cannot be made here is made in the container's own layer.</summary>
    internal static void Add(SafeFd rootfs)
    {
        foreach (string name in (ReadOnlySpan<string>)["proc", "sys", "dev", "etc"])
        {
            Sys.Mkdirat(rootfs, name, 0x1ed);
        }

        // Inside the root and through no link: /etc of an image may be anything.
        SysResult opened = Sys.Openat2(rootfs, "etc", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS);
        if (!opened.Ok)
        {
            return;
        }

        using SafeFd etc = new(opened.Int);
        foreach (string name in (ReadOnlySpan<string>)["hosts", "hostname", "resolv.conf"])
        {
            SysResult made = Sys.Openat2(etc, name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x1a4);
            if (made.Ok)
            {
                using SafeFd file = new(made.Int);
                Sys.Fchmod(file, 0x1a4);
            }
        }
    }
}
