using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>set_mempolicy(2): from which memory nodes this process gets its memory; execve keeps it and children inherit it.</summary>
/// <param name="Policy">What the configuration asks for.</param>
public sealed record MemoryPolicyOp(MemoryPolicy Policy) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "set_mempolicy(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        byte[] mask = IdList.Mask(Policy.Nodes);
        // The kernel counts one node less than it is told: get_nodes() in mm/mempolicy.c.
        program.Call(Syscall.set_mempolicy, [SchedulingWords.MemoryMode(Policy), mask.Length == 0 ? 0 : (long)program.Bytes(mask), mask.Length == 0 ? 0 : (mask.Length * 8) + 1]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("set_mempolicy", string.Join('|', [Policy.Mode, .. SchedulingWords.InOrder(Policy.Flags)]), "...");
        if (!string.IsNullOrEmpty(Policy.Nodes))
        {
            text.Comment($"the memory nodes {Policy.Nodes}");
        }
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EINVAL => new Hint(
            $"the kernel does not take {string.Join('|', [Policy.Mode, .. Policy.Flags])}{(string.IsNullOrEmpty(Policy.Nodes) ? "" : $" with the memory nodes {Policy.Nodes}")}: it is too old for the mode, or none of the nodes has memory that the container may use",
            "cat /sys/devices/system/node/has_memory lists the nodes; correct linux.memoryPolicy in the configuration"),
        Errno.ENOSYS => new Hint("this kernel was built without NUMA", "remove linux.memoryPolicy from the configuration"),
        Errno.EPERM => new Hint("an outer container's system call filter refuses set_mempolicy", "give the outer container CAP_SYS_NICE, or remove linux.memoryPolicy from the configuration"),
        _ => null,
    };
}
