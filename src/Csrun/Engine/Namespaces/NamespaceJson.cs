using System.Text.Json;
using Csrun.Engine.Ids;
using Csrun.Linux.Accounts;
using Csrun.Runtime.Namespaces;

namespace Csrun.Engine.Namespaces;

/// <summary>What <c>csrun ns --json</c> prints; docs/explain.md has the names.</summary>
internal static class NamespaceJson
{
    /// <summary>The whole tree, flat: each user namespace names its parent.</summary>
    internal static void Write(Utf8JsonWriter json, NamespaceSurvey survey, IReadOnlyDictionary<int, string> containers)
    {
        json.WriteStartObject();
        json.WriteStartObject("caller");
        foreach ((NamespaceKind kind, ulong inode) in survey.Own)
        {
            json.WriteNumber(kind.File(), inode);
        }

        json.WriteEndObject();
        json.WriteStartArray("userNamespaces");
        foreach (UserNamespaceInfo user in survey.Users)
        {
            Write(json, user, survey, containers);
        }

        json.WriteEndArray();
        json.WriteStartArray("ownerUnknown");
        foreach (NamespaceInfo other in survey.OwnerUnknown)
        {
            Write(json, other, survey);
        }

        json.WriteEndArray();
        json.WriteStartArray("notSeen");
        foreach (HiddenProcesses hidden in survey.Hidden)
        {
            json.WriteStartObject();
            json.WriteNumber("uid", hidden.Uid);
            json.WriteNumber("processes", hidden.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>A process's ID, command and container, as members of an object that has begun.</summary>
    internal static void Process(Utf8JsonWriter json, NamespaceProcess process, IReadOnlyDictionary<int, string> containers)
    {
        json.WriteNumber("pid", process.Pid);
        if (process.PidInside != 0)
        {
            json.WriteNumber("pidInside", process.PidInside);
        }

        json.WriteString("command", process.Command);
        if (containers.TryGetValue(process.Pid, out string? container))
        {
            json.WriteString("container", container);
        }
    }

    /// <summary>A number or null, which may have 64 bits.</summary>
    internal static void Number(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void Write(Utf8JsonWriter json, UserNamespaceInfo user, NamespaceSurvey survey, IReadOnlyDictionary<int, string> containers)
    {
        json.WriteStartObject();
        json.WriteNumber("namespace", user.Inode);
        Number(json, "parent", user.Parent);
        json.WriteBoolean("initial", user.IsInitial);
        json.WriteBoolean("own", survey.IsOwn(NamespaceKind.User, user.Inode));
        Number(json, "owner", user.OwnerUid);
        if (user.OwnerUid is { } uid && HostUser.Find(uid) is { } owner)
        {
            json.WriteString("ownerName", owner.Name);
        }

        if (user.Maps is { } maps)
        {
            JsonOutput.Map(json, "uidMappings", maps.Uid);
            JsonOutput.Map(json, "gidMappings", maps.Gid);
        }

        if (user.Mount is { } mount)
        {
            json.WriteString("mount", mount);
        }

        json.WriteStartArray("owns");
        foreach (NamespaceInfo owned in user.Owns)
        {
            Write(json, owned, survey);
        }

        json.WriteEndArray();
        json.WriteStartArray("processes");
        foreach (NamespaceProcess process in user.Processes)
        {
            json.WriteStartObject();
            Process(json, process, containers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, NamespaceInfo other, NamespaceSurvey survey)
    {
        json.WriteStartObject();
        json.WriteString("kind", other.Kind.File());
        json.WriteNumber("namespace", other.Inode);
        json.WriteBoolean("own", survey.IsOwn(other.Kind, other.Inode));
        json.WriteStartArray("pids");
        foreach (NamespaceProcess process in other.Processes)
        {
            json.WriteNumberValue(process.Pid);
        }

        json.WriteEndArray();
        if (other.Mount is { } mount)
        {
            json.WriteString("mount", mount);
        }

        json.WriteEndObject();
    }
}
