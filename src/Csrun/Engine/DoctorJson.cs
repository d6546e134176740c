using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Commands;
using Csrun.Plan.Doctor;

namespace Csrun.Engine;

/// <summary>The gates as JSON: docs/doctor.md has the schema.</summary>
internal static class DoctorJson
{
    private const int Schema = 1;

    internal static string Render(ImmutableArray<GateFinding> findings)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", Schema);
            json.WriteString("version", VersionCommand.Version);
            json.WriteBoolean("works", DoctorGates.Open(findings));
            json.WriteStartArray("gates");
            foreach (GateFinding finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("name", finding.Gate);
                json.WriteString("status", DoctorText.Word(finding.Status));
                json.WriteString("evidence", finding.Evidence);
                json.WriteString("cause", finding.Cause);
                json.WriteStartArray("fix");
                foreach (string line in (finding.Fix ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    json.WriteStringValue(line);
                }

                json.WriteEndArray();
                json.WriteString("code", finding.Code);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }
}
