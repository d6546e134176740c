using Csrun.Linux;

namespace Csrun.Images.Store;

/// <summary>The name of an image: a repository and a tag.</summary>
/// <param name="Repository">Components separated by slashes; without docker.io/ and library/, which are the default.</param>
/// <param name="Tag">The tag; <c>latest</c> when none is named.</param>
public readonly record struct ImageName(string Repository, string Tag)
{
    /// <summary>The tag of a name that has none.</summary>
    public const string DefaultTag = "latest";

    private const int LongestRepository = 160;
    private const int LongestTag = 64;

    /// <summary>Reads <c>[HOST[:PORT]/]NAME[/NAME...][:TAG]</c>.</summary>
    /// <exception cref="CsrunException">It is no name: the message says which rule it breaks.</exception>
    public static ImageName Parse(string text)
    {
        string? broken = TryParse(text, out ImageName name);
        return broken is null ? name : throw new CsrunException(
            $"\"{Shown(text)}\" is not an image name",
            broken,
            "csrun run alpine, csrun run alpine:3.20");
    }

    /// <summary>As <see cref="Parse"/>; the rule that is broken, or null.</summary>
    public static string? TryParse(string text, out ImageName name)
    {
        name = default;
        ReadOnlySpan<char> rest = text;
        foreach (string prefix in (ReadOnlySpan<string>)["docker.io/", "library/"])
        {
            if (rest.StartsWith(prefix, StringComparison.Ordinal))
            {
                rest = rest[prefix.Length..];
            }
        }

        int slash = rest.LastIndexOf('/');
        int colon = rest[(slash + 1)..].IndexOf(':');
        ReadOnlySpan<char> tag = colon < 0 ? DefaultTag : rest[(slash + 2 + colon)..];
        ReadOnlySpan<char> repository = colon < 0 ? rest : rest[..(slash + 1 + colon)];
        if (repository.IsEmpty)
        {
            return "it is empty";
        }

        if (repository.Length > LongestRepository || tag.Length > LongestTag)
        {
            return $"it is too long: the limit is {LongestRepository} characters for the name and {LongestTag} for the tag";
        }

        if (!IsWord(tag))
        {
            return "a tag has letters, digits and . _ -, and starts with a letter or digit";
        }

        for (bool first = true; ; first = false)
        {
            slash = repository.IndexOf('/');
            ReadOnlySpan<char> component = slash < 0 ? repository : repository[..slash];
            // Only in front of a slash is it a registry, which may have a port.
            int port = first && slash >= 0 ? component.IndexOf(':') : -1;
            if (port >= 0 && (component.Length - port is < 2 or > 6 || component[(port + 1)..].ContainsAnyExceptInRange('0', '9')))
            {
                return "the registry's port is not a number";
            }

            if (!IsWord(port < 0 ? component : component[..port]))
            {
                return "each part of a name has letters, digits and . _ -, and starts with a letter or digit";
            }

            if (slash < 0)
            {
                break;
            }

            repository = repository[(slash + 1)..];
        }

        name = new ImageName((colon < 0 ? rest : rest[..rest.LastIndexOf(':')]).ToString(), tag.ToString());
        return null;
    }

    /// <summary>The name of its record in the store: one component, one for each name, since neither part can hold % + or @.</summary>
    internal string FileName => $"{Repository.Replace('/', '%').Replace(':', '+')}@{Tag}";

    /// <inheritdoc/>
    public override string ToString() => $"{Repository}:{Tag}";

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetterOrDigit(text[0]) && text[0] != '_')
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return text.IndexOf("..") < 0;
    }

    private static string Shown(string text)
    {
        string cut = text.Length > 80 ? text[..80] + "…" : text;
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}
