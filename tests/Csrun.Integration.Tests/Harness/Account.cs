using System.Globalization;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A host account: numbers from its passwd line, subordinate IDs from getsubids(1) or the files.</summary>
public sealed record Account(string Name, int Uid, int Gid, string Home, long SubUid, long SubUidCount, long SubGid, long SubGidCount)
{
    /// <summary>The account of that name, or null where there is none.</summary>
    public static Account? Find(string name)
    {
        string[]? fields = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(f => f[0] == name);
        if (fields is null)
        {
            return null;
        }

        (long uid, long uids) = Range("/etc/subuid", name, fields[2]);
        (long gid, long gids) = Range("/etc/subgid", name, fields[2]);
        return new Account(name, Number(fields[2]), Number(fields[3]), fields[5], uid, uids, gid, gids);
    }

    private static (long First, long Count) Range(string file, string name, string uid)
    {
        string[]? fields = !File.Exists(file)
            ? null
            : File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(f => f.Length == 3 && (f[0] == name || f[0] == uid));
        return fields is null
            ? (0, 0)
            : (long.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
