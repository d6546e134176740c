using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Seccomp;

namespace Csrun.Plan.Ops;

/// <summary>seccomp(2) with SECCOMP_SET_MODE_FILTER: system calls of the container pass this filter from here on.</summary>
/// <param name="Filter">The compiled filter.</param>
public sealed record SeccompOp(SeccompFilter Filter) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "seccomp(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        // struct sock_fprog { u16 len; struct sock_filter *filter; }, 16 bytes with padding.
        nint filter = program.Bytes(Filter.Program.Span);
        ReadOnlySpan<long> fprog = [Filter.InstructionCount, filter];
        nint bytes = program.Bytes(MemoryMarshal.AsBytes(fprog));
        if (Filter.Notifies)
        {
            program.SeccompListen((long)Filter.Flags, bytes);
        }
        else
        {
            program.Call(Syscall.seccomp, [1, (long)Filter.Flags, bytes]);
        }
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        if (Filter.Notifies)
        {
            text.Comment("clone(CLONE_FILES): a process without the filter, which sends the listener to csrun, because the filter may refuse sendmsg");
        }

        text.Call("seccomp", "SECCOMP_SET_MODE_FILTER", StraceText.Flags(Filter.Flags), $"{{len={Filter.InstructionCount}, ...");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.EACCES => new Hint("a filter needs CAP_SYS_ADMIN in the user namespace, or no_new_privs", "add --security-opt no-new-privileges"),
        Errno.EINVAL when Filter.Notifies => new Hint("this kernel has no listeners for filters (Linux 5.0), or not with the flag SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (Linux 5.19)", "leave SCMP_ACT_NOTIFY, or the flag, out of linux.seccomp"),
        Errno.EBUSY => new Hint("another filter of this process has a listener already, and the kernel lets a process have one"),
        Errno.EINVAL or Errno.ENOSYS => new Hint("this kernel was built without seccomp filters", "add --security-opt seccomp=unconfined"),
        _ => null,
    };
}
