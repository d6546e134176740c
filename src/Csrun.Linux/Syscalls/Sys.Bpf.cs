using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

public static unsafe partial class Sys
{
    private const uint BPF_F_ALLOW_MULTI = 2;

    /// <summary>bpf(2) with BPF_PROG_LOAD of BPF_PROG_TYPE_CGROUP_DEVICE, since Linux 4.15. CAP_BPF and CAP_NET_ADMIN, or CAP_SYS_ADMIN, are needed.</summary>
    /// <param name="instructions">The program, each instruction as a struct bpf_insn in 64 bits.</param>
    /// <returns>The program's descriptor, close-on-exec by itself.</returns>
    public static SysResult BpfLoadDeviceProgram(ReadOnlySpan<ulong> instructions)
    {
        // SAFETY: union bpf_attr's part for BPF_PROG_LOAD up to prog_flags is 48 bytes, zeroed here; instructions and license live until the return.
        ulong* attr = stackalloc ulong[16];
        new Span<ulong>(attr, 16).Clear();
        fixed (ulong* program = instructions)
        fixed (byte* license = "Apache\0"u8)
        {
            attr[0] = (ulong)BpfType.BPF_PROG_TYPE_CGROUP_DEVICE | ((ulong)instructions.Length << 32);
            attr[1] = (ulong)program;
            attr[2] = (ulong)license;
            return Call(Syscall.bpf, (nint)BpfCommand.BPF_PROG_LOAD, (nint)attr, 128);
        }
    }

    /// <summary>bpf(2) with BPF_PROG_ATTACH: the program decides, beside those of the groups above, about every device that the group's processes open or make.</summary>
    public static SysResult BpfAttachDeviceProgram(SafeFd cgroup, SafeFd program) => OfCgroup(BpfCommand.BPF_PROG_ATTACH, cgroup, program);

    /// <summary>bpf(2) with BPF_PROG_DETACH.</summary>
    public static SysResult BpfDetachDeviceProgram(SafeFd cgroup, SafeFd program) => OfCgroup(BpfCommand.BPF_PROG_DETACH, cgroup, program);

    /// <summary>bpf(2) with BPF_PROG_QUERY: the IDs of the device programs attached to a group itself.</summary>
    /// <param name="cgroup">The group's directory.</param>
    /// <param name="ids">Where the IDs go.</param>
    /// <returns>How many there are.</returns>
    public static SysResult BpfQueryDevicePrograms(SafeFd cgroup, Span<uint> ids)
    {
        // SAFETY: the query part: target_fd, attach_type, query_flags, attach_flags, prog_ids (64 bits), prog_cnt. ids is pinned.
        ulong* attr = stackalloc ulong[16];
        new Span<ulong>(attr, 16).Clear();
        fixed (uint* into = ids)
        {
            attr[0] = (uint)cgroup.Number | ((ulong)BpfType.BPF_CGROUP_DEVICE << 32);
            attr[2] = (ulong)into;
            attr[3] = (uint)ids.Length;
            SysResult result = Call(Syscall.bpf, (nint)BpfCommand.BPF_PROG_QUERY, (nint)attr, 128);
            GC.KeepAlive(cgroup);
            return result.Ok ? new SysResult((nint)(uint)attr[3], Errno.None) : result;
        }
    }

    /// <summary>bpf(2) with BPF_PROG_GET_FD_BY_ID.</summary>
    public static SysResult BpfProgramById(uint id)
    {
        // SAFETY: the part for this command starts with the ID; zeroed otherwise.
        ulong* attr = stackalloc ulong[16];
        new Span<ulong>(attr, 16).Clear();
        attr[0] = id;
        return Call(Syscall.bpf, (nint)BpfCommand.BPF_PROG_GET_FD_BY_ID, (nint)attr, 128);
    }

    private static SysResult OfCgroup(BpfCommand command, SafeFd cgroup, SafeFd program)
    {
        // SAFETY: target_fd, attach_bpf_fd, attach_type, attach_flags: four 32-bit numbers.
        ulong* attr = stackalloc ulong[16];
        new Span<ulong>(attr, 16).Clear();
        attr[0] = (uint)cgroup.Number | ((ulong)(uint)program.Number << 32);
        attr[1] = (ulong)BpfType.BPF_CGROUP_DEVICE | ((ulong)(command == BpfCommand.BPF_PROG_ATTACH ? BPF_F_ALLOW_MULTI : 0) << 32);
        SysResult result = Call(Syscall.bpf, (nint)command, (nint)attr, 128);
        GC.KeepAlive(cgroup);
        GC.KeepAlive(program);
        return result;
    }
}
