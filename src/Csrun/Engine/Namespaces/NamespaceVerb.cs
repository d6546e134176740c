using System.Globalization;
using System.Text;
using System.Text.Json;
using Csrun.Engine.Ids;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Namespaces;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine.Namespaces;

/// <summary><c>csrun ns</c>.</summary>
internal static class NamespaceVerb
{
    /// <summary>Shows the tree, or the namespaces of one process.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="subject">A PID or a container; null or <c>tree</c> for the tree.</param>
    /// <param name="json">As JSON.</param>
    /// <exception cref="CsrunException">There is no such process or container, or the caller may not look at it.</exception>
    internal static int Run(Caller caller, string? subject, bool json)
    {
        Dictionary<int, string> containers = Containers(caller);
        if (subject is null or "tree")
        {
            NamespaceSurvey survey = NamespaceSurveyor.Look();
            if (json)
            {
                JsonOutput.Write(output => NamespaceJson.Write(output, survey, containers));
                return 0;
            }

            return Print(new NamespaceTreeText(survey, containers, caller.Uid == 0).Draw());
        }

        string pid = Subject.Pid(caller, subject);
        NamespaceProcess process = ProcessNamespaces.Read(pid, out Errno errno) ?? throw NotTold(pid, errno);
        string? container = containers.GetValueOrDefault(process.Pid);
        IdMapPair maps = Subject.Maps(pid);
        NamespaceSurvey all = NamespaceSurveyor.Look();
        if (json)
        {
            JsonOutput.Write(output => Json(output, process, maps, all, containers));
            return 0;
        }

        return Print(ProcessNamespaceText.Table(process, all, container) + Maps(maps));
    }

    private static string Maps(IdMapPair maps)
    {
        StringBuilder text = new("\n");
        foreach ((string name, IdMap map) in (ReadOnlySpan<(string, IdMap)>)[("uid_map", maps.Uid), ("gid_map", maps.Gid)])
        {
            text.Append(name).Append(map.IsEmpty ? "  empty: every ID is nobody's (65534)\n" : "");
            for (int i = 0; i < map.Mappings.Length; i++)
            {
                IdMapping m = map.Mappings[i];
                text.Append(i == 0 ? "" : "       ").Append(CultureInfo.InvariantCulture, $"  {m.ContainerId,10} {m.HostId,10} {m.Size,10}\n");
            }
        }

        return text.ToString();
    }

    private static void Json(Utf8JsonWriter json, NamespaceProcess process, IdMapPair maps, NamespaceSurvey survey, Dictionary<int, string> containers)
    {
        json.WriteStartObject();
        NamespaceJson.Process(json, process, containers);
        json.WriteStartArray("namespaces");
        foreach ((NamespaceKind kind, ulong inode) in process.Namespaces)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind.File());
            json.WriteNumber("namespace", inode);
            json.WriteBoolean("own", survey.IsOwn(kind, inode));
            NamespaceJson.Number(json, "owner", ProcessNamespaceText.OwnerOf(kind, inode, survey));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (process.PidForChildren is { } later)
        {
            json.WriteNumber("pidForChildren", later);
        }

        JsonOutput.Map(json, "uidMappings", maps.Uid);
        JsonOutput.Map(json, "gidMappings", maps.Gid);
        json.WriteEndObject();
    }

    private static CsrunException NotTold(string pid, Errno errno) => errno is Errno.EACCES or Errno.EPERM
        ? new CsrunException(
            $"/proc/{pid}/ns/user: {errno} ({errno.Describe()})",
            Sys.StatxFollowing($"/proc/{pid}", out FileStat stat).Ok && stat.uid != Sys.Geteuid()
                ? $"its files in /proc belong to {NamespaceTreeText.Named(stat.uid)}: it is a process of that user, or one that protects itself (PR_SET_DUMPABLE); ptrace(2), access mode checking"
                : "it has capabilities that you lack, or protects itself (ptrace(2), access mode checking)",
            Sys.Geteuid() == 0 ? null : $"sudo csrun ns {pid}")
        : new CsrunException($"process {pid} has ended", "its place in its namespaces has gone with it", "ps -e");

    private static Dictionary<int, string> Containers(Caller caller)
    {
        Dictionary<int, string> names = [];
        using ContainerList list = ContainerList.Look(caller.Roots);
        foreach (Container container in list.Containers)
        {
            if (container.PidFd is not null && container.Record is { } record)
            {
                names[record.Process.Pid] = container.DisplayName;
            }
        }

        return names;
    }

    private static int Print(string text)
    {
        FdWriter.Stdout.Write(text);
        FdWriter.Stdout.Flush();
        return 0;
    }
}
