using System.Text.Encodings.Web;
using System.Text.Json;

namespace Csrun.Plan.Rendering;

/// <summary>What the JSON forms share.</summary>
internal static class PlanJson
{
    /// <summary>Readable output: calls are full of quotes, angle brackets and ampersands, and nothing of it goes into HTML.</summary>
    public static JsonWriterOptions Options => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a list of strings.</summary>
    public static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
