using System.Text;
using System.Text.Json;
using Csrun.Linux.IdMaps;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary>What the JSON of <c>csrun idmap</c> has in common.</summary>
internal static class JsonOutput
{
    /// <summary>Writes one document to standard output.</summary>
    internal static void Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            write(json);
        }

        FdWriter.Stdout.Write(Encoding.UTF8.GetString(buffer.ToArray()) + "\n");
        FdWriter.Stdout.Flush();
    }

    /// <summary>A map in the runtime-spec's words; of a mount's map the containerID is the ID on disk.</summary>
    internal static void Map(Utf8JsonWriter json, string name, IdMap map)
    {
        json.WriteStartArray(name);
        foreach (IdMapping m in map.Mappings)
        {
            json.WriteStartObject();
            json.WriteNumber("containerID", m.ContainerId);
            json.WriteNumber("hostID", m.HostId);
            json.WriteNumber("size", m.Size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A number, or null.</summary>
    internal static void Number(Utf8JsonWriter json, string name, uint? value)
    {
        if (value is uint number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
