using System.Globalization;
using Csrun.Engine.Ids;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun top</c>.</summary>
internal static class TopVerb
{
    /// <summary>Lists a container's processes with their IDs inside and on the host.</summary>
    internal static int Run(Caller caller, string word, bool json)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        Container container = list.Find(word);
        IdMap map = Subject.Maps(container.Record?.Process.Pid.ToString(CultureInfo.InvariantCulture) ?? "self").Uid;
        List<(string User, string Pid, string HostUser, int HostPid, string State, string Command)> rows = [];
        foreach (int pid in ContainerProcesses.Of(container))
        {
            if (Row(pid, map) is { } row)
            {
                rows.Add(row);
            }
        }

        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteStartArray();
                foreach ((string user, string inside, string hostUser, int hostPid, string state, string command) in rows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("user", user);
                    writer.WriteNumber("pid", int.Parse(inside, CultureInfo.InvariantCulture));
                    writer.WriteString("hostUser", hostUser);
                    writer.WriteNumber("hostPid", hostPid);
                    writer.WriteString("state", state);
                    writer.WriteString("command", command);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return 0;
        }

        FdWriter.Stdout.Write(TextTable.Of([["USER", "PID", "HUSER", "HPID", "STATE", "COMMAND"], .. rows.Select(r => (string[])[r.User, r.Pid, r.HostUser, $"{r.HostPid}", r.State, r.Command])]));
        FdWriter.Stdout.Flush();
        return 0;
    }

    private static (string User, string Pid, string HostUser, int HostPid, string State, string Command)? Row(int pid, IdMap map)
    {
        string? status = SmallFile.Read($"/proc/{pid}/status");
        if (status is null)
        {
            return null; // ended meanwhile
        }

        string[] numbers = Field(status, "NSpid");
        uint uid = Field(status, "Uid") is [_, var effective, ..] && uint.TryParse(effective, out uint number) ? number : uint.MaxValue;
        string command = (SmallFile.Read($"/proc/{pid}/cmdline") ?? "").TrimEnd('\0').Replace('\0', ' ');
        return (
            Inside(uid, map),
            // csrun's own namespace first, then the container's.
            numbers.Length > 1 ? numbers[1] : numbers.Length == 1 ? numbers[0] : $"{pid}",
            HostUser.Find(uid)?.Name ?? $"{uid}",
            pid,
            Field(status, "State") is [var state, ..] ? state : "?",
            command.Length != 0 ? command : $"[{string.Join(' ', Field(status, "Name"))}]");
    }

    private static string Inside(uint uid, IdMap map)
    {
        foreach (IdMapping mapping in map.Mappings)
        {
            if (uid >= mapping.HostId && uid - mapping.HostId < mapping.Size)
            {
                return $"{mapping.ContainerId + (uid - mapping.HostId)}";
            }
        }

        return "nobody";
    }

    private static string[] Field(string status, string name)
    {
        foreach (string line in status.Split('\n'))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ':')
            {
                return line[(name.Length + 1)..].Split(['\t', ' '], StringSplitOptions.RemoveEmptyEntries);
            }
        }

        return [];
    }
}
