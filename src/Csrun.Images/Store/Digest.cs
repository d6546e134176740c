using Csrun.Linux;

namespace Csrun.Images.Store;

/// <summary>The SHA-256 of a tarball.</summary>
/// <param name="Hex">64 lower-case hexadecimal digits; nothing else ever gets into a path.</param>
/// <remarks>OCI image-spec, descriptor.md, "Digests".</remarks>
public readonly record struct Digest(string Hex)
{
    private const string Prefix = "sha256:";

    /// <summary>Reads <c>sha256:HEX</c>.</summary>
    public static bool TryParse(string text, out Digest digest)
    {
        bool valid = text.Length == Prefix.Length + 64 && text.StartsWith(Prefix, StringComparison.Ordinal) && IsHex(text.AsSpan(Prefix.Length));
        digest = valid ? new Digest(text[Prefix.Length..]) : default;
        return valid;
    }

    /// <summary>Reads <c>sha256:HEX</c>.</summary>
    /// <exception cref="CsrunException">It is something else.</exception>
    public static Digest Parse(string text) => TryParse(text, out Digest digest)
        ? digest
        : throw new CsrunException($"\"{text}\" is not a digest", "a digest is sha256: and 64 lower-case hexadecimal digits");

    internal static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first twelve digits, as image lists show them.</summary>
    public string Short => Hex[..12];

    /// <inheritdoc/>
    public override string ToString() => Prefix + Hex;
}
