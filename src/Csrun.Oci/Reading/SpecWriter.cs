using System.Text.Encodings.Web;
using System.Text.Json;

namespace Csrun.Oci;

/// <summary>Writes a configuration as config.json.</summary>
public static class SpecWriter
{
    /// <summary>The configuration as indented UTF-8 JSON with a final line break; unset values and empty lists are left out.</summary>
    /// <param name="spec">What to write; <see cref="SpecReader"/> reads it back the same.</param>
    public static byte[] Write(Spec spec)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new(4096);
        // Relaxed: it is read by people and programs, never put into HTML.
        JsonWriterOptions options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (Utf8JsonWriter writer = new(buffer, options))
        {
            new SpecCodec(writer).Write(spec);
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    /// <summary>The configuration as a value in a document of somebody else's.</summary>
    /// <param name="writer">Where the value comes next.</param>
    /// <param name="spec">What to write; <see cref="SpecReader.Read(JsonElement)"/> reads it back the same.</param>
    public static void Write(Utf8JsonWriter writer, Spec spec) => new SpecCodec(writer).Write(spec);
}
