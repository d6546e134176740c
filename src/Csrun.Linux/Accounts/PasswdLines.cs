using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>Goes through the users of a passwd(5) file, without copying any.</summary>
internal ref struct PasswdLines
{
    private AccountLines _lines;

    public PasswdLines(ReadOnlySpan<byte> content, string file) => _lines = new AccountLines(content, file);

    public ReadOnlySpan<byte> Name { get; private set; }

    public uint Uid { get; private set; }

    public uint Gid { get; private set; }

    public ReadOnlySpan<byte> Home { get; private set; }

    public readonly PasswdEntry Entry => new(Encoding.UTF8.GetString(Name), Uid, Gid, Encoding.UTF8.GetString(Home));

    /// <summary>Goes to the next user; lines that are none are skipped and told to <paramref name="broken"/> where that is wanted.</summary>
    public bool MoveNext(IList<BrokenLine>? broken = null)
    {
        while (_lines.MoveNext())
        {
            string? why = Read(_lines.Current);
            if (why is null)
            {
                return true;
            }

            broken?.Add(new BrokenLine(_lines.Number, why));
        }

        return false;
    }

    // A field that is missing is never taken as 0: that would make a cut line root.
    private string? Read(ReadOnlySpan<byte> rest)
    {
        if (rest.Contains((byte)0))
        {
            return "it contains a zero byte";
        }

        ReadOnlySpan<byte> name = AccountLines.Field(ref rest);
        if (name.IsEmpty)
        {
            return "the name is empty";
        }

        AccountLines.Field(ref rest);
        ReadOnlySpan<byte> uidField = AccountLines.Field(ref rest);
        ReadOnlySpan<byte> gidField = AccountLines.Field(ref rest);
        if (!IdNumber.TryParse(uidField, out uint uid))
        {
            return "the user ID is not a number from 0 to 4294967294";
        }

        if (!IdNumber.TryParse(gidField, out uint gid))
        {
            return "the group ID is not a number from 0 to 4294967294";
        }

        AccountLines.Field(ref rest);
        ReadOnlySpan<byte> home = AccountLines.Field(ref rest);
        Name = name;
        Uid = uid;
        Gid = gid;
        Home = home;
        return null;
    }
}
