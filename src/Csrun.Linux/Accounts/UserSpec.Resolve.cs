using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

public sealed partial record UserSpec
{
    /// <summary>Looks the identity up in an image's account files, by the rules of Docker and podman.</summary>
    /// <param name="passwd">The image's /etc/passwd; empty where there is none.</param>
    /// <param name="group">The image's /etc/group; empty where there is none.</param>
    /// <param name="groupAdd">The values of <c>--group-add</c>, names or numbers.</param>
    /// <remarks>A user of the passwd file brings the entry's group, home and every group that lists the name; an explicit
    /// group replaces all of these groups. A number that is not in the file has group 0, no further group and HOME=/.
    /// The first of several entries counts.</remarks>
    /// <exception cref="CsrunException">A name is not in the files; close names are said.</exception>
    public ResolvedUser Resolve(ReadOnlySpan<byte> passwd, ReadOnlySpan<byte> group, IReadOnlyList<string>? groupAdd = null)
    {
        PasswdEntry? entry = Uid is uint wanted ? PasswdFile.Find(passwd, wanted) : PasswdFile.Find(passwd, User);
        if (entry is null && Uid is null)
        {
            throw new CsrunException(
                $"user {Quoted(User)}: not in the image's /etc/passwd",
                Why(User, UserNames(passwd), "users"),
                "a user that the file does not name can be given by its number: --user UID[:GID]");
        }

        uint uid = entry?.Uid ?? Uid!.Value;
        uint gid = Group is null ? entry?.Gid ?? 0 : ResolveGroup(Group, group, "--user");
        ImmutableArray<uint>.Builder gids = ImmutableArray.CreateBuilder<uint>();
        if (Group is null && entry is not null)
        {
            byte[] name = Encoding.UTF8.GetBytes(entry.Name);
            GroupLines lines = new(group, GroupFile.DefaultPath);
            while (lines.MoveNext())
            {
                if (lines.HasMember(name) && !gids.Contains(lines.Gid))
                {
                    gids.Add(lines.Gid);
                }
            }
        }

        foreach (string extra in groupAdd ?? [])
        {
            if (extra.Length == 0)
            {
                throw new CsrunException("--group-add \"\": the group is empty", "a group is a name of the image's /etc/group or a number");
            }

            CheckNumber(extra, "group", $"--group-add {Quoted(extra)}");
            uint id = ResolveGroup(extra, group, "--group-add");
            if (!gids.Contains(id))
            {
                gids.Add(id);
            }
        }

        // Without its primary group in the list a process could drop that group and pass a group-denied file (CVE-2022-36109).
        if (!gids.Contains(gid))
        {
            gids.Insert(0, gid);
        }

        return new ResolvedUser(uid, gid, gids.DrainToImmutable(), entry is null or { Home: "" } ? "/" : entry.Home, entry?.Name);
    }

    private static uint ResolveGroup(string name, ReadOnlySpan<byte> group, string option)
    {
        if (IdNumber.TryParse(name, out uint gid))
        {
            return gid;
        }

        return GroupFile.Find(group, name)?.Gid ?? throw new CsrunException(
            $"{option}: group {Quoted(name)}: not in the image's /etc/group",
            Why(name, GroupNames(group), "groups"),
            "a group that the file does not name can be given by its number");
    }

    private static string Why(string name, List<string> names, string kind)
    {
        IReadOnlyList<string> close = CloseNames.Of(name, names.FindAll(IsPlain));
        return close.Count != 0 ? $"the file has {string.Join(", ", close)}"
            : names.Count == 0 ? $"the file is missing or names no {kind}"
            : $"none of its {names.Count} {kind} has a name like it";
    }

    private static List<string> UserNames(ReadOnlySpan<byte> passwd)
    {
        List<string> names = [];
        PasswdLines lines = new(passwd, PasswdFile.DefaultPath);
        while (lines.MoveNext())
        {
            names.Add(Encoding.UTF8.GetString(lines.Name));
        }

        return names;
    }

    private static List<string> GroupNames(ReadOnlySpan<byte> group)
    {
        List<string> names = [];
        GroupLines lines = new(group, GroupFile.DefaultPath);
        while (lines.MoveNext())
        {
            names.Add(Encoding.UTF8.GetString(lines.Name));
        }

        return names;
    }

    // Names come from an image: none that could write to the terminal, or take long to compare, gets into a message.
    private static bool IsPlain(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '$' or '@'))
            {
                return false;
            }
        }

        return name.Length <= 64;
    }
}
