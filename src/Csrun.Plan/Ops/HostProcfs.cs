namespace Csrun.Plan.Ops;

/// <summary>The root of csrun's own /proc, after a look that it is procfs and its root.</summary>
/// <remarks>Attributes are written through it and never by a path of the container, where an image or a volume could have another file
/// in their place that takes the text and does nothing (CVE-2019-16884, CVE-2019-19921, CVE-2025-52881).</remarks>
public sealed record HostProcfs : SentDescriptor
{
    /// <inheritdoc/>
    public override string Describe() => "csrun's own /proc";
}
