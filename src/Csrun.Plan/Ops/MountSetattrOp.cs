using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Changes attributes or propagation of a mount; recursive changes reach the mounts below (Linux 5.12).</summary>
/// <param name="Mount">The mount, or null for the path.</param>
/// <param name="Path">The path, when <paramref name="Mount"/> is null.</param>
/// <param name="Recursive">Whether the mounts below change too.</param>
/// <param name="Set">Attributes to set.</param>
/// <param name="Clear">Attributes to clear.</param>
/// <param name="Propagation">New propagation, or 0.</param>
/// <param name="IdMap">A descriptor of the user namespace to map the mount by, or null.</param>
public sealed record MountSetattrOp(FdSlot? Mount, string Path, bool Recursive, MountAttr Set, MountAttr Clear = 0, MountFlags Propagation = 0, FdSlot? IdMap = null) : KernelOp
{
    /// <summary>Whether a mount that was not made, because its path does not exist, is no failure.</summary>
    public bool TolerateAbsence { get; init; }

    /// <inheritdoc/>
    public override string ManPage => "mount_setattr(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct mount_attr { u64 attr_set, attr_clr, propagation, userns_fd } (linux/mount.h, MOUNT_ATTR_SIZE_VER0 = 32).
        ReadOnlySpan<ulong> attr = [(ulong)Set, (ulong)Clear, (ulong)Propagation, 0];
        nint p = program.Bytes(MemoryMarshal.AsBytes(attr));
        if (IdMap is { } userns)
        {
            program.StoreSlot(p + 24, userns);
        }

        long flags = (Recursive ? 0x8000 : 0) | (Mount is null ? 0 : 0x1000);
        program.Call(Syscall.mount_setattr, [Mount is { } mount ? mount : Arg.Cwd, (long)program.Utf8(Mount is null ? Path : ""), flags, (long)p, 32], null, TolerateAbsence ? [Errno.EBADF] : []);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        string flags = (Mount is null, Recursive) switch
        {
            (true, true) => "AT_RECURSIVE",
            (true, false) => "0",
            (false, true) => "AT_EMPTY_PATH|AT_RECURSIVE",
            (false, false) => "AT_EMPTY_PATH",
        };
        text.Call("mount_setattr", StraceText.Dir(Mount), StraceText.Quote(Mount is null ? Path : ""), flags,
            $"{{attr_set={StraceText.Flags(Set)}, attr_clr={Attributes(Clear)}, propagation={StraceText.Flags(Propagation)}, userns_fd={IdMap?.ToString() ?? "0"}}}", "32");
    }

    /// <summary>The mask of the access time attributes as strace takes it apart: two names and a rest without one.</summary>
    private static string Attributes(MountAttr attributes) => (attributes & MountAttr.MOUNT_ATTR__ATIME) == MountAttr.MOUNT_ATTR__ATIME
        ? StraceText.Flags(attributes & ~MountAttr.MOUNT_ATTR__ATIME | MountAttr.MOUNT_ATTR_NOATIME | MountAttr.MOUNT_ATTR_STRICTATIME) + "|0x40"
        : StraceText.Flags(attributes);

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EPERM when IdMap is not null => new Hint(
            "the file system belongs to the host's user namespace: only root there may ID-map its mounts",
            "run csrun as root, or choose a user namespace in which the files already have the wanted owner: --userns keep-id"),
        Errno.EPERM when (Clear & MountAttr.MOUNT_ATTR__ATIME) != 0 => new Hint(
            "a user namespace may not change how a mount of the host treats access times",
            "leave noatime and strictatime away, or mount the directory so on the host"),
        Errno.EPERM => new Hint("the mount came from the host with an attribute that this user namespace may not take away"),
        Errno.EINVAL when IdMap is not null => new Hint("this file system does not support ID-mapped mounts, or one of its mounts is mapped already"),
        Errno.EBUSY => new Hint("a file on the mount is open for writing, so it cannot become read-only"),
        Errno.ENOSYS => new Hint("mount_setattr needs Linux 5.12 or newer"),
        _ => null,
    };
}
