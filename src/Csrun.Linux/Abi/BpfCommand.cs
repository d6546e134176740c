namespace Csrun.Linux.Abi;

/// <summary>Commands of bpf(2) (linux/bpf.h).</summary>
#pragma warning disable CS1591 // bpf(2)
public enum BpfCommand
{
    BPF_PROG_LOAD = 5,
    BPF_PROG_ATTACH = 8,
    BPF_PROG_DETACH = 9,
    BPF_PROG_GET_FD_BY_ID = 13,
    BPF_PROG_QUERY = 16,
}
#pragma warning restore CS1591
