namespace Csrun.Oci;

/// <summary>I/O scheduling class and priority.</summary>
/// <remarks>OCI runtime-spec 1.2, config.md, "Linux Process", ioPriority; ioprio_set(2).</remarks>
public sealed record IoPriority
{
    /// <summary><c>IOPRIO_CLASS_RT</c>, <c>IOPRIO_CLASS_BE</c> or <c>IOPRIO_CLASS_IDLE</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>0 (first) to 7; IOPRIO_CLASS_IDLE may do without.</summary>
    public int Priority { get; init; }
}
