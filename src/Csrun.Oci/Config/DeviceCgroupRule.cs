namespace Csrun.Oci;

/// <summary>A rule of the device cgroup.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Allowed Device list".</remarks>
public sealed record DeviceCgroupRule
{
    /// <summary>Whether the rule allows or denies.</summary>
    public bool Allow { get; init; }

    /// <summary><c>a</c> (all), <c>c</c> or <c>b</c>; null is all.</summary>
    public string? Type { get; init; }

    /// <summary>Major number; null is all.</summary>
    public long? Major { get; init; }

    /// <summary>Minor number; null is all.</summary>
    public long? Minor { get; init; }

    /// <summary>Any of the letters <c>r</c> (read), <c>w</c> (write), <c>m</c> (mknod).</summary>
    public string? Access { get; init; }
}
