using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Drops all capabilities but these from the bounding set: no program in the container can ever gain the others.</summary>
/// <param name="Keep">A bit per capability to keep.</param>
/// <param name="Last">The highest capability that this kernel knows (/proc/sys/kernel/cap_last_cap).</param>
public sealed record CapabilityBoundingOp(ulong Keep, int Last) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "capabilities(7)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        for (int cap = 0; cap <= Last; cap++)
        {
            if ((Keep >> cap & 1) == 0)
            {
                program.Call(Syscall.prctl, [(long)PrctlOption.PR_CAPBSET_DROP, cap, 0, 0, 0]);
            }
        }
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        for (int cap = 0; cap <= Last; cap++)
        {
            if ((Keep >> cap & 1) == 0)
            {
                text.Call("prctl", "PR_CAPBSET_DROP", Enum.IsDefined((Capability)cap) ? ((Capability)cap).ToString() : $"0x{cap:x} /* CAP_??? */");
            }
        }
    }
}
