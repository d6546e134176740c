using System.Text;
using System.Text.Json;
using Csrun.Images.Store;

namespace Csrun.Engine;

/// <summary><c>csrun images --json</c>.</summary>
internal static class ImageListJson
{
    internal static void Append(StringBuilder text, IReadOnlyList<ImageRecord> images)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (ImageRecord image in images)
            {
                json.WriteStartObject();
                json.WriteString("name", image.Name.ToString());
                json.WriteString("digest", image.Digest.ToString());
                json.WriteNumber("size", image.Size);
                json.WriteString("source", image.Source);
                json.WriteString("created", image.Created);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        text.Append(Encoding.UTF8.GetString(buffer.ToArray())).Append('\n');
    }
}
