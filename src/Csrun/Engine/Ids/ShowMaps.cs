using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Host;
using Csrun.Runtime.Mounts;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap show</c>: a process's user namespace, and the ID-mapped mounts that it sees.</summary>
internal static class ShowMaps
{
    internal static int Run(Caller caller, string? subject, bool json)
    {
        string pid = subject is null ? "self" : Subject.Pid(caller, subject);
        IdMapPair maps = Subject.Maps(pid);
        using SafeFd userns = UserNamespaces.Open($"/proc/{pid}/ns/user");
        uint? owner = Sys.NsGetOwnerUid(userns, out uint uid).Ok ? uid : null;
        ulong inode = Sys.Statx(userns, "", out FileStat stat).Ok ? stat.ino : 0;
        List<MountEntry> mapped = [.. (MountTable.Read(pid)?.Entries ?? []).Where(m => m.IsIdMapped)];
        IReadOnlyDictionary<int, IdMapPair> mounts = mapped.Count == 0 ? new Dictionary<int, IdMapPair>() : MountMaps.OfProcess(pid);
        bool initial = UserNamespaces.IsInitial(userns);
        if (json)
        {
            Json(pid, maps, inode, initial, owner, mapped, mounts);
        }
        else
        {
            Text(pid, maps, inode, initial, owner, mapped, mounts);
        }

        return 0;
    }

    private static void Text(string pid, IdMapPair maps, ulong inode, bool initial, uint? owner, List<MountEntry> mapped, IReadOnlyDictionary<int, IdMapPair> mounts)
    {
        StringBuilder text = new();
        text.Append($"process    {(pid == "self" ? "csrun itself, and so the caller" : $"{pid} ({Printable.Of(SmallFile.Read($"/proc/{pid}/comm")?.Trim() ?? "?")})")}\n");
        text.Append($"namespace  user:[{inode}]{(initial ? ", the host's first one" : "")}\n");
        text.Append($"owner      {(owner is uint uid ? Named(uid) : "not an ID of csrun's own user namespace")}\n");
        Map(text, "uid_map", maps.Uid);
        Map(text, "gid_map", maps.Gid);
        text.Append("mounts     ").Append(mapped.Count == 0 ? "none is ID-mapped\n" : "");
        for (int i = 0; i < mapped.Count; i++)
        {
            text.Append(i == 0 ? "" : "           ").Append($"{Printable.Of(mapped[i].MountPoint)}  {mapped[i].Type}  {(mounts.TryGetValue(mapped[i].Id, out IdMapPair? map) ? MountMapNotation.Write(map) : "idmapped")}\n");
        }

        if (mapped.Count > mounts.Count)
        {
            text.Append($"           the kernel tells maps since Linux 6.15, and of another mount namespace only to CAP_SYS_ADMIN; this is {Environment.OSVersion.Version}\n");
        }

        FdWriter.Stdout.Write(text.ToString());
        FdWriter.Stdout.Flush();
    }

    private static void Map(StringBuilder text, string name, IdMap map)
    {
        text.Append($"{name}    ").Append(map.IsEmpty ? "empty: every ID is nobody's (65534)\n" : "");
        for (int i = 0; i < map.Mappings.Length; i++)
        {
            IdMapping m = map.Mappings[i];
            text.Append(i == 0 ? "" : "           ").Append(CultureInfo.InvariantCulture, $"{m.ContainerId,10} {m.HostId,10} {m.Size,10}\n");
        }
    }

    private static void Json(string pid, IdMapPair maps, ulong inode, bool initial, uint? owner, List<MountEntry> mapped, IReadOnlyDictionary<int, IdMapPair> mounts) => JsonOutput.Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("pid", pid == "self" ? Sys.Getpid() : int.Parse(pid, CultureInfo.InvariantCulture));
        json.WriteNumber("namespace", inode);
        json.WriteBoolean("initial", initial);
        JsonOutput.Number(json, "owner", owner);
        JsonOutput.Map(json, "uidMappings", maps.Uid);
        JsonOutput.Map(json, "gidMappings", maps.Gid);
        json.WriteStartArray("mounts");
        foreach (MountEntry mount in mapped)
        {
            json.WriteStartObject();
            json.WriteString("destination", mount.MountPoint);
            json.WriteString("type", mount.Type);
            json.WriteString("source", mount.Source);
            json.WriteString("root", mount.Root);
            if (mounts.TryGetValue(mount.Id, out IdMapPair? map))
            {
                JsonOutput.Map(json, "uidMappings", map.Uid);
                JsonOutput.Map(json, "gidMappings", map.Gid);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static string Named(uint uid) => HostUser.Find(uid) is { } user ? $"{uid} ({user.Name})" : $"{uid}";
}
