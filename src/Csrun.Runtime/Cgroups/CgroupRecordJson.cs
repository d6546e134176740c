using System.Collections.Immutable;
using System.Text.Json;
using Csrun.Plan.Cgroups;

namespace Csrun.Runtime.Cgroups;

/// <summary>A <see cref="CgroupRecord"/> in a container's state.json: the property <c>cgroup</c>.</summary>
internal static class CgroupRecordJson
{
    public static void Write(Utf8JsonWriter json, CgroupRecord record)
    {
        json.WriteStartObject("cgroup");
        json.WriteString("driver", record.Driver == CgroupDriver.Systemd ? "systemd" : "cgroupfs");
        if (record.Unit is { } unit)
        {
            json.WriteString("unit", unit);
            json.WriteBoolean("userUnit", record.UserUnit);
        }

        json.WriteStartArray("groups");
        foreach (CgroupGroup group in record.Groups)
        {
            json.WriteStartObject();
            json.WriteString("hierarchy", group.Hierarchy);
            json.WriteString("controllers", string.Join(',', group.Controllers));
            json.WriteString("mount", group.MountPoint);
            json.WriteString("path", group.Path);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is not as it was written.</exception>
    public static CgroupRecord Read(JsonElement json)
    {
        ImmutableArray<CgroupGroup>.Builder groups = ImmutableArray.CreateBuilder<CgroupGroup>();
        foreach (JsonElement group in json.GetProperty("groups").EnumerateArray())
        {
            string path = group.GetProperty("path").GetString()!;
            // What the record names is killed and removed: never a hierarchy's root.
            if (!path.StartsWith('/') || path.Length < 2 || path.Split('/').Contains(".."))
            {
                throw new FormatException();
            }

            groups.Add(new CgroupGroup(
                group.GetProperty("hierarchy").GetString()!,
                [.. group.GetProperty("controllers").GetString()!.Split(',', StringSplitOptions.RemoveEmptyEntries)],
                group.GetProperty("mount").GetString()!,
                path));
        }

        return new CgroupRecord(
            json.GetProperty("driver").GetString() == "systemd" ? CgroupDriver.Systemd : CgroupDriver.Cgroupfs,
            groups.ToImmutable(),
            json.TryGetProperty("unit", out JsonElement unit) ? unit.GetString() : null,
            json.TryGetProperty("userUnit", out JsonElement user) && user.GetBoolean());
    }
}
