using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>ioprio_set(2): the I/O scheduling class and priority of this process, which its children inherit.</summary>
/// <remarks>IOPRIO_WHO_PROCESS: the process group is still the caller's, whose other processes are none of the container's business.</remarks>
/// <param name="Priority">What the configuration asks for.</param>
public sealed record IoPriorityOp(IoPriority Priority) : KernelOp
{
    private const long IOPRIO_WHO_PROCESS = 1;
    private const int IOPRIO_CLASS_SHIFT = 13;

    /// <inheritdoc/>
    public override string ManPage => "ioprio_set(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) =>
        program.Call(Syscall.ioprio_set, [IOPRIO_WHO_PROCESS, 0, (SchedulingWords.IoClass(Priority.Class) << IOPRIO_CLASS_SHIFT) | Priority.Priority]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call("ioprio_set", nameof(IOPRIO_WHO_PROCESS), "0", $"IOPRIO_PRIO_VALUE({Priority.Class}, {Priority.Priority})");

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EPERM => new Hint(
            $"{Priority.Class} takes CAP_SYS_NICE or CAP_SYS_ADMIN in the host's user namespace, which an ordinary user, and a container with a user namespace of its own, has not",
            "choose IOPRIO_CLASS_BE or IOPRIO_CLASS_IDLE in process.ioPriority, which everybody may have"),
        Errno.EINVAL => new Hint($"this kernel has not {Priority.Class} with the priority {Priority.Priority}", "correct process.ioPriority in the configuration"),
        Errno.ENOSYS => new Hint("this kernel was built without block devices (CONFIG_BLOCK)", "remove process.ioPriority from the configuration"),
        _ => null,
    };
}
