using System.Collections.Immutable;
using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>Goes through the groups of a group(5) file, without copying any.</summary>
internal ref struct GroupLines
{
    private AccountLines _lines;
    private ReadOnlySpan<byte> _members;

    public GroupLines(ReadOnlySpan<byte> content, string file) => _lines = new AccountLines(content, file);

    public ReadOnlySpan<byte> Name { get; private set; }

    public uint Gid { get; private set; }

    public readonly GroupEntry Entry
    {
        get
        {
            ImmutableArray<string>.Builder members = ImmutableArray.CreateBuilder<string>();
            ReadOnlySpan<byte> rest = _members;
            while (!rest.IsEmpty)
            {
                ReadOnlySpan<byte> member = AccountLines.Field(ref rest, (byte)',');
                if (!member.IsEmpty)
                {
                    members.Add(Encoding.UTF8.GetString(member));
                }
            }

            return new GroupEntry(Encoding.UTF8.GetString(Name), Gid, members.DrainToImmutable());
        }
    }

    /// <summary>Whether the group lists this user.</summary>
    public readonly bool HasMember(ReadOnlySpan<byte> user)
    {
        ReadOnlySpan<byte> rest = _members;
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> member = AccountLines.Field(ref rest, (byte)',');
            if (member.SequenceEqual(user))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes to the next group; lines that are none are skipped and told to <paramref name="broken"/> where that is wanted.</summary>
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

    private string? Read(ReadOnlySpan<byte> rest)
    {
        if (rest.Contains((byte)0))
        {
            return "it contains a zero byte";
        }

        ReadOnlySpan<byte> name = AccountLines.Field(ref rest);
        AccountLines.Field(ref rest);
        ReadOnlySpan<byte> gidField = AccountLines.Field(ref rest);
        if (name.IsEmpty)
        {
            return "the name is empty";
        }

        if (!IdNumber.TryParse(gidField, out uint gid))
        {
            return "the group ID is not a number from 0 to 4294967294";
        }

        ReadOnlySpan<byte> members = AccountLines.Field(ref rest);
        Name = name;
        Gid = gid;
        _members = members;
        return null;
    }
}
