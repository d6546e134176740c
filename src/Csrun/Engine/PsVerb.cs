using System.Text;
using System.Text.Json;
using Csrun.Engine.Lifecycle;
using Csrun.Oci;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun ps</c>.</summary>
internal static class PsVerb
{
    private static readonly string[] s_titles = ["CONTAINER ID", "NAME", "IMAGE", "STATE", "PID", "CREATED", "UNPRIVILEGED", "COMMAND"];

    /// <summary>Lists containers, the newest first.</summary>
    internal static int List(Caller caller, bool all, bool quiet, bool json)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        List<Container> shown = [];
        foreach (Container container in list.Containers)
        {
            if (all || container.Status != ContainerStatus.Stopped)
            {
                shown.Add(container);
            }
        }

        FdWriter.Stdout.Write(json ? Json(shown) : quiet ? Ids(shown) : Table(shown));
        FdWriter.Stdout.Flush();
        return 0;
    }

    private static string Ids(List<Container> containers)
    {
        StringBuilder text = new();
        foreach (Container container in containers)
        {
            text.Append(container.Id).Append('\n');
        }

        return text.ToString();
    }

    private static string Table(List<Container> containers)
    {
        List<string[]> rows = [s_titles];
        foreach (Container container in containers)
        {
            ContainerRecord? record = container.Record;
            bool runs = container.PidFd is not null;
            rows.Add(
            [
                Container.ShortId(container.Id),
                record?.Name ?? "-",
                record is null ? "-" : Printable.Short(record.Image ?? record.Spec.Root?.Path ?? "-"),
                OciState.Word(container.Status),
                runs ? record!.Process.Pid.ToString() : "-",
                record is null ? "-" : record.Created.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss"),
                record is null ? "-" : IsUnprivileged(record.Spec) ? "true" : "false",
                record is null ? "-" : Printable.Short(string.Join(' ', record.Spec.Process?.Args ?? [])),
            ]);
        }

        return TextTable.Of(rows);
    }

    private static string Json(List<Container> containers)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (Container container in containers)
            {
                Write(json, container);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Container container)
    {
        json.WriteStartObject();
        json.WriteString("id", container.Id);
        json.WriteString("status", OciState.Word(container.Status));
        if (container.Record is { } record)
        {
            json.WriteString("name", record.Name);
            json.WriteString("image", record.Image);
            json.WriteString("rootfs", record.Image is null ? record.Spec.Root?.Path : null);
            json.WriteNumber("pid", container.PidFd is null ? 0 : record.Process.Pid);
            json.WriteString("created", record.Created);
            json.WriteBoolean("unprivileged", IsUnprivileged(record.Spec));
            json.WriteBoolean("detached", record.Detached);
            json.WriteStartArray("command");
            foreach (string word in record.Spec.Process?.Args ?? [])
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            if (record.ExitCode is { } code)
            {
                json.WriteNumber("exitCode", code);
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Whether the container's root is somebody else than root of csrun's user namespace.</summary>
    private static bool IsUnprivileged(Spec spec)
    {
        if (spec.Linux is not { } linux || !linux.Namespaces.Any(n => n.Type == "user"))
        {
            return false;
        }

        foreach (LinuxIdMapping mapping in linux.UidMappings)
        {
            if (mapping.ContainerID == 0)
            {
                return mapping.HostID != 0;
            }
        }

        return true;
    }
}
