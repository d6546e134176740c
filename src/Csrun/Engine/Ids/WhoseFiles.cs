using System.Text;
using System.Text.Json;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Identity;
using Csrun.Runtime.Mounts;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap whose</c>.</summary>
internal static class WhoseFiles
{
    internal static int Run(IReadOnlyList<string> paths, bool json)
    {
        List<Owner> owners = [];
        List<string> mistakes = [];
        foreach (string path in paths)
        {
            try
            {
                owners.Add(Look(path));
            }
            catch (KernelException e)
            {
                mistakes.Add($"{e.Message}{(e.Why is null ? "" : $": {e.Why}")}");
            }
        }

        if (mistakes.Count != 0)
        {
            throw new CsrunException($"{mistakes.Count} of {paths.Count} paths cannot be looked at", string.Join('\n', mistakes), "ls -ld PATH");
        }

        HostAccounts accounts = HostAccounts.Read();
        if (json)
        {
            Json(owners, accounts);
            return 0;
        }

        StringBuilder text = new();
        foreach (Owner owner in owners)
        {
            text.Append(Printable.Of(owner.Path)).Append('\n');
            text.Append($"  user   {owner.Uid,10}  {Describe(owner.Uid, false, accounts, owner)}\n");
            text.Append($"  group  {owner.Gid,10}  {Describe(owner.Gid, true, accounts, owner)}\n");
            if (owner.OnDisk is { } stored)
            {
                text.Append($"  on an ID-mapped mount: {stored.Uid}:{stored.Gid} on disk\n");
            }
        }

        FdWriter.Stdout.Write(text.ToString());
        FdWriter.Stdout.Flush();
        return 0;
    }

    private static Owner Look(string path)
    {
        using SafeFd file = DetachedMounts.Open(path);
        Sys.Statx(file, "", out FileStat stat).OrThrow("statx", path);
        bool mapped = MountTable.Read()?.Of(file) is { IsIdMapped: true };
        return new Owner(path, stat.uid, stat.gid, mapped, mapped ? MountMaps.OwnerOnDisk(file) : null);
    }

    private static string Describe(uint id, bool isGroup, HostAccounts accounts, Owner owner)
    {
        IdOrigin origin = IdOrigin.Of(id, isGroup, accounts);
        string kind = isGroup ? "group" : "user";
        List<string> said = [];
        if (id == IdWay.Overflow)
        {
            said.Add(owner.Mapped ? "nobody: an ID that the mount's map does not have, or nobody's own" : "nobody: its own ID, or one that does not exist in this user namespace");
        }
        else if (origin.Name is { } name)
        {
            said.Add(name);
        }

        foreach (SubordinateId one in origin.Subordinate)
        {
            said.Add($"a subordinate ID of {one.Owner} ({one.Range}){(one.ContainerId is uint inside ? $": {kind} {inside} in the containers of {one.Owner}" : "")}");
        }

        return said.Count == 0 ? $"no {(isGroup ? "group" : "account")} and no subordinate range has this ID" : string.Join("; ", said);
    }

    private static void Json(IReadOnlyList<Owner> owners, HostAccounts accounts) => JsonOutput.Write(json =>
    {
        json.WriteStartArray();
        foreach (Owner owner in owners)
        {
            json.WriteStartObject();
            json.WriteString("path", owner.Path);
            json.WriteBoolean("idmapped", owner.Mapped);
            One(json, "user", owner.Uid, owner.OnDisk?.Uid.Value, IdOrigin.Of(owner.Uid, false, accounts));
            One(json, "group", owner.Gid, owner.OnDisk?.Gid.Value, IdOrigin.Of(owner.Gid, true, accounts));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void One(Utf8JsonWriter json, string kind, uint id, uint? onDisk, IdOrigin origin)
    {
        json.WriteStartObject(kind);
        json.WriteNumber("id", id);
        if (onDisk is uint stored)
        {
            json.WriteNumber("onDisk", stored);
        }

        if (origin.Name is { } name)
        {
            json.WriteString("name", name);
        }

        json.WriteStartArray("subordinate");
        foreach (SubordinateId one in origin.Subordinate)
        {
            json.WriteStartObject();
            json.WriteString("owner", one.Owner);
            json.WriteNumber("start", one.Range.Start);
            json.WriteNumber("count", one.Range.Count);
            JsonOutput.Number(json, "containerID", one.ContainerId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One file's owner.</summary>
    private sealed record Owner(string Path, uint Uid, uint Gid, bool Mapped, (OnDiskUid Uid, OnDiskGid Gid)? OnDisk);
}
