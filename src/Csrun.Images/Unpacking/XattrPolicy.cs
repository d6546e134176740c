namespace Csrun.Images.Unpacking;

/// <summary>Which extended attributes of an image reach the disk.</summary>
internal static class XattrPolicy
{
    /// <summary>Why an attribute is never set, or null when it may be tried.</summary>
    internal static string? Refuses(string name) => name switch
    {
        _ when name.Contains('\0', StringComparison.Ordinal) => "its name contains a zero byte",
        // The store's trees become lower layers of overlays mounted with userxattr: an image must not speak to them.
        _ when name.StartsWith("user.overlay.", StringComparison.Ordinal) => "it would steer the overlay file system",
        "security.capability" => null,
        _ when name.StartsWith("user.", StringComparison.Ordinal) => null,
        _ when name.StartsWith("trusted.", StringComparison.Ordinal) => "trusted.* belongs to the host's root",
        _ when name.StartsWith("security.", StringComparison.Ordinal) => "labels of a security module belong to the host",
        _ => "csrun keeps user.* and security.capability",
    };
}
