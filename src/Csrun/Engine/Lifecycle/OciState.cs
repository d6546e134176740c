using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Linux.Accounts;
using Csrun.Oci;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary>A container's state as the runtime-spec prints it (runtime.md, "State"), with runc's further properties.</summary>
internal static class OciState
{
    /// <summary>The state as one JSON object on several lines, as <c>state</c> prints it.</summary>
    internal static string Text(Container container) => Json(indented: true, json => Write(json, container, listed: false)) + "\n";

    /// <summary>The state as hooks get it on their standard input.</summary>
    /// <param name="id">Its ID.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="pid">Its first process as the hook's PID namespace numbers it; 0 for none.</param>
    /// <param name="status">What it does.</param>
    internal static string ForHook(string id, Bundle bundle, int pid, string status) => Of(id, bundle.Path, pid, status, bundle.Spec);

    /// <summary>The state of a container on one line, with the specification's properties alone.</summary>
    internal static string Of(Container container) => Of(container.Id, container.Record!.Bundle, Pid(container), Word(container.Status), container.Record.Spec);

    /// <summary>The state on one line.</summary>
    /// <param name="id">The container's ID.</param>
    /// <param name="directory">Its bundle, or what takes a bundle's place.</param>
    /// <param name="pid">Its first process.</param>
    /// <param name="status">What it does.</param>
    /// <param name="spec">Its configuration.</param>
    internal static string Of(string id, string directory, int pid, string status, Spec spec) => Json(indented: false, json =>
    {
        json.WriteStartObject();
        Head(json, id, pid, status, directory);
        Annotations(json, spec);
        json.WriteEndObject();
    });

    /// <summary>Several states as a JSON array, as <c>list --format json</c> prints them.</summary>
    internal static string Array(IEnumerable<Container> containers) => Json(indented: false, json =>
    {
        json.WriteStartArray();
        foreach (Container container in containers)
        {
            Write(json, container, listed: true);
        }

        json.WriteEndArray();
    });

    /// <summary>What it does, in the runtime-spec's words.</summary>
    internal static string Word(ContainerStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>When it was made, as runc writes it.</summary>
    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Its process, 0 when it has ended.</summary>
    internal static int Pid(Container container) => container.PidFd is null ? 0 : container.Record?.Process.Pid ?? 0;

    /// <summary>Where its root file system is.</summary>
    internal static string Rootfs(ContainerRecord record) => record.Spec.Root is { } root ? Path.GetFullPath(root.Path, record.Bundle) : "";

    /// <summary>Whose it is: the name, else the number of a user of the host.</summary>
    internal static string Owner(Container container) => HostUser.Find(container.Owner)?.Name ?? $"#{container.Owner}";

    private static void Write(Utf8JsonWriter json, Container container, bool listed)
    {
        ContainerRecord record = container.Record!;
        json.WriteStartObject();
        Head(json, container.Id, Pid(container), Word(container.Status), record.Bundle);
        json.WriteString("rootfs", Rootfs(record));
        json.WriteString("created", Time(record.Created));
        Annotations(json, record.Spec);
        // runc's state leaves it empty, its list does not.
        json.WriteString("owner", listed ? Owner(container) : "");
        json.WriteEndObject();
    }

    private static void Head(Utf8JsonWriter json, string id, int pid, string status, string bundle)
    {
        json.WriteString("ociVersion", SpecVersion.Current);
        json.WriteString("id", id);
        json.WriteNumber("pid", pid);
        json.WriteString("status", status);
        json.WriteString("bundle", bundle);
    }

    private static void Annotations(Utf8JsonWriter json, Spec spec)
    {
        if (spec.Annotations.Count == 0)
        {
            return;
        }

        json.WriteStartObject("annotations");
        foreach ((string key, string value) in spec.Annotations)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static string Json(bool indented, Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = indented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
