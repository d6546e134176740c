using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Oci;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.State;

/// <summary>The file of a <see cref="ContainerRecord"/>: <c>state.json</c> in the container's directory.</summary>
/// <remarks>It is there whole or not at all: written under another name and renamed over. Unknown properties are left for newer versions.</remarks>
public static class ContainerRecordFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "state.json";

    private const string Temporary = ".state.json";
    private const int Version = 1;
    private const int SizeLimit = 8 << 20; // arguments and environment together are 4 MiB at most (execve(2))

    /// <summary>Writes the record, in place of an older one.</summary>
    /// <param name="directory">The container's directory.</param>
    /// <param name="record">The record.</param>
    /// <exception cref="KernelException">The disk is full, for one.</exception>
    public static void Write(SafeFd directory, ContainerRecord record)
    {
        ArrayBufferWriter<byte> json = new(8192);
        using (Utf8JsonWriter writer = new(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            Write(writer, record);
        }

        // Whoever writes holds the directory's lock, so a file of this name is what a killed process left.
        using (SafeFd file = Sys.Openat2(directory, Temporary, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", Name))
        {
            for (ReadOnlySpan<byte> rest = json.WrittenSpan; !rest.IsEmpty;)
            {
                rest = rest[(int)Sys.Write(file, rest).OrThrow("write", Name)..];
            }
        }

        Sys.Renameat2(directory, Temporary, directory, Name).OrThrow("renameat2", Name);
    }

    /// <summary>Writes the record as one JSON object; inspect shows the same.</summary>
    /// <param name="writer">Where it comes next.</param>
    /// <param name="record">The record.</param>
    /// <param name="status">What the container does, for people; null in the file, where it would be a lie soon.</param>
    public static void Write(Utf8JsonWriter writer, ContainerRecord record, ContainerStatus? status = null)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", Version);
        writer.WriteString("id", record.Id);
        Optional(writer, "name", record.Name);
        if (status is { } now)
        {
            writer.WriteString("status", now.ToString().ToLowerInvariant());
        }

        Optional(writer, "image", record.Image);
        Optional(writer, "imageDigest", record.ImageDigest);
        Time(writer, "created", record.Created);
        writer.WriteNumber("pid", record.Process.Pid);
        writer.WriteNumber("startTime", record.Process.StartTime);
        writer.WriteBoolean("supervised", record.Supervised);
        writer.WriteBoolean("detached", record.Detached);
        writer.WriteBoolean("init", record.Init);
        writer.WriteBoolean("denySetgroups", record.DenySetgroups);
        writer.WriteBoolean("keepGroups", record.KeepGroups);
        writer.WriteString("seccomp", record.Seccomp switch
        {
            SeccompSource.Unconfined => "unconfined",
            SeccompSource.Config => "config",
            SeccompSource.Profile => "profile",
            _ => "default",
        });
        writer.WriteString("bundle", record.Bundle);
        if (record.ExitCode is { } code)
        {
            writer.WriteNumber("exitCode", code);
        }

        if (record.Finished is { } finished)
        {
            Time(writer, "finished", finished);
        }

        if (record.Cgroup is { } cgroup)
        {
            CgroupRecordJson.Write(writer, cgroup);
        }

        writer.WriteStartObject("annotations");
        foreach ((string key, string value) in record.Annotations)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("config");
        SpecWriter.Write(writer, record.Spec);
        writer.WriteEndObject();
    }

    /// <summary>Reads a container's record.</summary>
    /// <param name="directory">The container's directory.</param>
    /// <returns>The record; null when there is none yet, or it is no record.</returns>
    public static ContainerRecord? Read(SafeFd directory)
    {
        SysResult opened = Sys.Openat2(directory, Name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd file = new(opened.Int);
        if (SmallFile.ReadAll(file, SizeLimit) is not { } bytes)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static ContainerRecord? Read(JsonElement json)
    {
        if (json.GetProperty("version").GetInt32() != Version || SpecReader.Read(json.GetProperty("config")) is not { } spec)
        {
            return null;
        }

        ImmutableSortedDictionary<string, string>.Builder annotations = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty annotation in json.GetProperty("annotations").EnumerateObject())
        {
            annotations[annotation.Name] = annotation.Value.GetString()!;
        }

        return new ContainerRecord
        {
            Id = json.GetProperty("id").GetString()!,
            Name = Text(json, "name"),
            Image = Text(json, "image"),
            ImageDigest = Text(json, "imageDigest"),
            Created = Time(json, "created")!.Value,
            Process = new ProcessIdentity(json.GetProperty("pid").GetInt32(), json.GetProperty("startTime").GetUInt64()),
            Supervised = json.GetProperty("supervised").GetBoolean(),
            Detached = json.GetProperty("detached").GetBoolean(),
            Init = json.GetProperty("init").GetBoolean(),
            DenySetgroups = json.GetProperty("denySetgroups").GetBoolean(),
            KeepGroups = json.GetProperty("keepGroups").GetBoolean(),
            Seccomp = json.GetProperty("seccomp").GetString() switch
            {
                "unconfined" => SeccompSource.Unconfined,
                "config" => SeccompSource.Config,
                "profile" => SeccompSource.Profile,
                "default" => SeccompSource.Default,
                _ => throw new FormatException(),
            },
            Bundle = json.GetProperty("bundle").GetString()!,
            ExitCode = json.TryGetProperty("exitCode", out JsonElement code) ? code.GetInt32() : null,
            Finished = Time(json, "finished"),
            Cgroup = json.TryGetProperty("cgroup", out JsonElement cgroup) ? CgroupRecordJson.Read(cgroup) : null,
            Annotations = annotations.ToImmutable(),
            Spec = spec,
        };
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Time(Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetDateTimeOffset() : null;
}
