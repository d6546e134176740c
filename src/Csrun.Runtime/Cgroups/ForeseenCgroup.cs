using System.Buffers;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Cgroups;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Cgroups;

/// <summary>The control group that a container is about to get, written down in its directory before the group is made: a csrun that is
/// killed in between leaves no group that nobody knows.</summary>
public static class ForeseenCgroup
{
    private const string Name = "cgroup";
    private const int SizeLimit = 1 << 16;

    /// <summary>Writes it down. What systemd makes, systemd removes.</summary>
    /// <param name="directory">The container's directory, whose lock is the caller's.</param>
    /// <param name="plan">The group.</param>
    public static void Write(SafeFd directory, CgroupPlan plan)
    {
        if (plan.Driver != CgroupDriver.Cgroupfs)
        {
            return;
        }

        ArrayBufferWriter<byte> json = new(2048);
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            CgroupRecordJson.Write(writer, new CgroupRecord(plan.Driver, plan.Groups));
            writer.WriteEndObject();
        }

        using SafeFd file = Sys.Openat2(directory, Name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", Name);
        Sys.Write(file, json.WrittenSpan).OrThrow("write", Name);
    }

    /// <summary>Removes the group that was foreseen in the directory of a csrun that was killed.</summary>
    /// <remarks>Without killing anybody: the group may have been somebody else's, which csrun would have found out when it came to it. A
    /// child of csrun's own ends with it.</remarks>
    /// <param name="directory">The container's directory, whose lock is the caller's.</param>
    public static void Remove(SafeFd directory)
    {
        if (Read(directory) is { } record)
        {
            using ControlGroup? group = ControlGroup.Open(record);
            group?.RemoveUnused();
        }
    }

    private static CgroupRecord? Read(SafeFd directory)
    {
        SysResult opened = Sys.Openat2(directory, Name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd file = new(opened.Int);
        try
        {
            using JsonDocument json = JsonDocument.Parse(SmallFile.ReadAll(file, SizeLimit) ?? []);
            return CgroupRecordJson.Read(json.RootElement.GetProperty("cgroup"));
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null; // killed while it was written: the group was not made yet
        }
    }
}
