namespace Csrun.Oci;

/// <summary>Limit of one huge page size.</summary>
/// <remarks>OCI runtime-spec 1.2, config-linux.md, "Huge page limits".</remarks>
public sealed record HugepageLimit
{
    /// <summary>Such as <c>2MB</c> or <c>1GB</c>.</summary>
    public string PageSize { get; init; } = "";

    /// <summary>Bytes.</summary>
    public ulong Limit { get; init; }
}
