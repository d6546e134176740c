namespace Csrun.Linux.Bpf;

/// <summary>Devices, and what may be done with them.</summary>
/// <param name="Type"><c>b</c>, <c>c</c>, or <c>a</c> for both.</param>
/// <param name="Major">The major number; null for all.</param>
/// <param name="Minor">The minor number; null for all.</param>
/// <param name="Access">Of <see cref="Read"/>, <see cref="Write"/> and <see cref="Mknod"/>.</param>
public readonly record struct DeviceRule(char Type, uint? Major, uint? Minor, int Access)
{
    /// <summary>BPF_DEVCG_ACC_MKNOD (linux/bpf.h).</summary>
    public const int Mknod = 1;

    /// <summary>BPF_DEVCG_ACC_READ.</summary>
    public const int Read = 2;

    /// <summary>BPF_DEVCG_ACC_WRITE.</summary>
    public const int Write = 4;

    /// <summary>All of them.</summary>
    public const int All = Mknod | Read | Write;

    /// <summary>The rule as devices.allow and devices.deny take it: <c>c 1:3 rwm</c>.</summary>
    public override string ToString() =>
        $"{Type} {Major?.ToString() ?? "*"}:{Minor?.ToString() ?? "*"} {((Access & Read) != 0 ? "r" : "")}{((Access & Write) != 0 ? "w" : "")}{((Access & Mknod) != 0 ? "m" : "")}";
}
