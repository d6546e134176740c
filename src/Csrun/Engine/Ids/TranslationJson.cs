using System.Text.Json;
using Csrun.Linux.IdMaps;

namespace Csrun.Engine.Ids;

/// <summary>Translations as JSON: an array, one element a word.</summary>
internal static class TranslationJson
{
    internal static void Write(IReadOnlyList<Translation> translations) => JsonOutput.Write(json =>
    {
        json.WriteStartArray();
        foreach (Translation translation in translations)
        {
            json.WriteStartObject();
            if (translation.Path is { } path)
            {
                json.WriteString("path", path);
            }

            Maps(json, "mount", translation.Mount);
            Maps(json, "container", translation.Container);
            json.WriteStartArray("ids");
            foreach (IdWay way in translation.Ways)
            {
                Way(json, way, translation.MountUnknown);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void Way(Utf8JsonWriter json, IdWay way, bool unknown)
    {
        json.WriteStartObject();
        json.WriteString("kind", TranslationText.Kind(way));
        json.WriteString("from", way.From.ToString().ToLowerInvariant());
        json.WriteNumber("id", way.Id);
        JsonOutput.Number(json, "disk", way.Disk);
        JsonOutput.Number(json, "mount", way.Mount);
        JsonOutput.Number(json, "host", way.Host);
        JsonOutput.Number(json, "container", way.Container);
        if (!unknown)
        {
            json.WriteBoolean("canCreate", way.CanCreate);
        }

        json.WriteEndObject();
    }

    private static void Maps(Utf8JsonWriter json, string name, IdMapPair? maps)
    {
        if (maps is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        JsonOutput.Map(json, "uidMappings", maps.Uid);
        JsonOutput.Map(json, "gidMappings", maps.Gid);
        json.WriteEndObject();
    }
}
