using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>fchownat(2), of a node that cannot be opened for it.</summary>
/// <param name="Dir">The directory.</param>
/// <param name="Name">The name in it; a symbolic link is not followed.</param>
/// <param name="Uid">The new owner, a container ID.</param>
/// <param name="Gid">The new group, a container ID.</param>
public sealed record FchownatOp(FdSlot Dir, string Name, uint Uid, uint Gid) : KernelOp
{
    private const int AT_SYMLINK_NOFOLLOW = 0x100;

    /// <inheritdoc/>
    public override string ManPage => "fchownat(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(Syscall.fchownat, [Dir, (long)program.Utf8(Name), Uid, Gid, AT_SYMLINK_NOFOLLOW]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) =>
        text.Call("fchownat", Dir.ToString(), StraceText.Quote(Name), Uid.ToString(), Gid.ToString(), "AT_SYMLINK_NOFOLLOW");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EINVAL
        ? new Hint($"the owner {Uid}:{Gid} of \"{Name}\" has no ID on the host in this container's map", "choose an owner inside the map")
        : null;
}
