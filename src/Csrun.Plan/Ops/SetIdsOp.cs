using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Becomes a user: setgroups(2) (unless denied), setresgid(2), setresuid(2), as raw calls.</summary>
/// <remarks>Raw, because the C library's wrappers signal every other thread, and in the child there are none (nptl(7)).</remarks>
/// <param name="Uid">The container's user ID.</param>
/// <param name="Gid">The container's group ID.</param>
/// <param name="Groups">The supplementary groups; default: setgroups is not called (it is denied, or not wanted yet).</param>
public sealed record SetIdsOp(uint Uid, uint Gid, ImmutableArray<uint> Groups) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "setresuid(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        if (!Groups.IsDefault)
        {
            program.Call(Syscall.setgroups, [Groups.Length, Groups.IsEmpty ? 0 : (long)program.UInt32s(Groups.AsSpan())]);
        }

        program.Call(Syscall.setresgid, [Gid, Gid, Gid]);
        program.Call(Syscall.setresuid, [Uid, Uid, Uid]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        if (!Groups.IsDefault)
        {
            text.Call("setgroups", Groups.Length.ToString(), Groups.IsEmpty ? "NULL" : $"[{string.Join(", ", Groups)}]");
        }

        text.Call("setresgid", $"{Gid}", $"{Gid}", $"{Gid}");
        text.Call("setresuid", $"{Uid}", $"{Uid}", $"{Uid}");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EINVAL => new Hint($"user {Uid}, group {Gid} or one of the groups {string.Join(",", Groups.IsDefault ? [] : Groups)} has no ID on the host in this container's map", "choose a user inside the map, or a larger map"),
        Errno.EPERM => new Hint("setgroups is denied in this user namespace", "leave --group-add away, or get subordinate group IDs: sudo usermod --add-subgids 100000-165535 USER"),
        _ => null,
    };
}
