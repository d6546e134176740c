namespace Csrun.Linux.Abi;

/// <summary>Kinds of BPF programs, and where they are attached (linux/bpf.h, two enumerations).</summary>
#pragma warning disable CS1591 // bpf(2)
public enum BpfType
{
    BPF_CGROUP_DEVICE = 6,
    BPF_PROG_TYPE_CGROUP_DEVICE = 15,
}
#pragma warning restore CS1591
