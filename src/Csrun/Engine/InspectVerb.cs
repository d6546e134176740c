using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun inspect</c>.</summary>
internal static class InspectVerb
{
    /// <summary>Prints the records of containers as a JSON array.</summary>
    internal static int Inspect(Caller caller, IReadOnlyList<string> words)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        using MemoryStream buffer = new();
        FailureList failures = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (string word in words)
            {
                failures.Try(() =>
                {
                    Container container = list.Find(word);
                    ContainerRecord record = container.Record ?? throw new CsrunException($"container {container.DisplayName} cannot be inspected", "it is being made", "try again");
                    ContainerRecordFile.Write(json, record, container.Status);
                });
            }

            json.WriteEndArray();
        }

        FdWriter.Stdout.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
        FdWriter.Stdout.Flush();
        return failures.Report();
    }
}
