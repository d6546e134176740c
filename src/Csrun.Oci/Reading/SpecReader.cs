using System.Text.Json;
using System.Text.Unicode;

namespace Csrun.Oci;

/// <summary>Reads a config.json strictly, and lists all that is wrong with it at once.</summary>
/// <remarks>
/// Strict JSON (RFC 8259): no comments, no trailing commas, no duplicate names, no byte order mark. Unknown properties
/// are ignored, as the runtime-spec asks (config.md, "Extensibility"). <c>null</c> is read as unset, as Go writes it.
/// </remarks>
public static class SpecReader
{
    /// <summary>Largest accepted file, in bytes. Real configurations are below 100 KiB.</summary>
    public const int SizeLimit = 4 * 1024 * 1024;

    /// <summary>Reads a configuration; what the values mean is checked by <see cref="SpecValidator"/>.</summary>
    /// <param name="json">The file's bytes, UTF-8.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    public static SpecReadResult Read(ReadOnlyMemory<byte> json, string fileName)
    {
        List<ConfigMistake> mistakes = [];
        List<ConfigMistake> warnings = [];
        Spec? spec = Bind(json, mistakes, warnings);
        return Result(json.Span, fileName, spec, mistakes, warnings);
    }

    /// <summary>Reads a configuration that is a value in another document, as <see cref="SpecWriter"/> wrote it there.</summary>
    /// <param name="json">The value.</param>
    /// <returns>The configuration, or null when it is not one.</returns>
    public static Spec? Read(JsonElement json)
    {
        List<ConfigMistake> mistakes = [];
        Spec? spec = new SpecCodec(mistakes, []).Read(json);
        return mistakes.Count == 0 ? spec : null;
    }

    /// <summary>Reads a configuration, puts the caller's own settings over it, and checks the outcome.</summary>
    /// <param name="json">The file's bytes, UTF-8.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    /// <param name="overrides">What wins over the file, such as the flags of run; null for nothing.</param>
    /// <returns>The changed configuration, with the mistakes of reading and checking together.</returns>
    public static SpecReadResult ReadAndValidate(ReadOnlyMemory<byte> json, string fileName, Func<Spec, Spec>? overrides = null)
    {
        List<ConfigMistake> mistakes = [];
        List<ConfigMistake> warnings = [];
        Spec? spec = Bind(json, mistakes, warnings);
        if (spec is not null)
        {
            spec = overrides is null ? spec : overrides(spec);
            int read = mistakes.Count;
            foreach (ConfigMistake found in SpecValidator.Validate(spec, warnings))
            {
                // A value that could not be read is unset: what the check says of it, or of its parts, is a consequence.
                if (!IsConsequence(found.JsonPath, mistakes, read))
                {
                    mistakes.Add(found);
                }
            }
        }

        return Result(json.Span, fileName, spec, mistakes, warnings);
    }

    private static Spec? Bind(ReadOnlyMemory<byte> json, List<ConfigMistake> mistakes, List<ConfigMistake> warnings)
    {
        if (json.Length > SizeLimit)
        {
            mistakes.Add(new ConfigMistake("$", $"{json.Length} bytes, more than the limit of {SizeLimit}", null));
            return null;
        }

        if (!Utf8.IsValid(json.Span) || json.Span.StartsWith("\uFEFF"u8))
        {
            mistakes.Add(JsonSyntax.EncodingMistake(json.Span));
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new SpecCodec(mistakes, warnings).Read(document.RootElement);
        }
        catch (JsonException e)
        {
            mistakes.Add(JsonSyntax.Mistake(json.Span, e));
            return null;
        }
    }

    private static SpecReadResult Result(
        ReadOnlySpan<byte> json, string fileName, Spec? spec, List<ConfigMistake> mistakes, List<ConfigMistake> warnings)
    {
        if (spec is not null && (mistakes.Count > 0 || warnings.Count > 0))
        {
            JsonLocator.Locate(json, mistakes, warnings);
            // As a person works through the file, not reading's mistakes first and checking's after them.
            mistakes.Sort(static (a, b) => Order(a).CompareTo(Order(b)));
        }

        return new SpecReadResult { FileName = fileName, Spec = spec, Mistakes = mistakes, Warnings = warnings };
    }

    private static (int Line, int Column) Order(ConfigMistake mistake) =>
        mistake.Position is { } at ? (at.Line, at.Column) : (int.MaxValue, 0);

    private static bool IsConsequence(string path, List<ConfigMistake> mistakes, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string cause = mistakes[i].JsonPath;
            if (path.StartsWith(cause, StringComparison.Ordinal)
                && (path.Length == cause.Length || path[cause.Length] is '.' or '['))
            {
                return true;
            }
        }

        return false;
    }
}
