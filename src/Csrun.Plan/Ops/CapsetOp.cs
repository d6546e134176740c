using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>capset(2): the effective, permitted and inheritable sets of this process.</summary>
/// <param name="Effective">A bit per capability.</param>
/// <param name="Permitted">A bit per capability.</param>
/// <param name="Inheritable">A bit per capability; empty unless a config asks (CVE-2022-29162).</param>
public sealed record CapsetOp(ulong Effective, ulong Permitted, ulong Inheritable) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "capset(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct __user_cap_header_struct { version 3, pid 0 } and two __user_cap_data_struct { effective, permitted, inheritable }.
        ReadOnlySpan<uint> header = [0x20080522, 0];
        ReadOnlySpan<uint> data =
        [
            (uint)Effective, (uint)Permitted, (uint)Inheritable,
            (uint)(Effective >> 32), (uint)(Permitted >> 32), (uint)(Inheritable >> 32),
        ];
        program.Call(Syscall.capset, [(long)program.Bytes(MemoryMarshal.AsBytes(header)), (long)program.Bytes(MemoryMarshal.AsBytes(data))]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call(
        "capset",
        "{version=_LINUX_CAPABILITY_VERSION_3, pid=0}",
        $"{{effective={StraceText.Capabilities(Effective)}, permitted={StraceText.Capabilities(Permitted)}, inheritable={StraceText.Capabilities(Inheritable)}}}");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno == Errno.EPERM
        ? new Hint("the configuration grants capabilities that this process does not have itself, or that are not in the bounding set", "grant only what process.capabilities.bounding has, too, and what csrun's caller has (capsh --print)")
        : null;
}
