using System.Text;
using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>Goes through the lines of subuid(5) or subgid(5), without copying any.</summary>
internal ref struct SubIdLines
{
    private AccountLines _lines;

    public SubIdLines(ReadOnlySpan<byte> content, string file) => _lines = new AccountLines(content, file);

    public ReadOnlySpan<byte> Owner { get; private set; }

    public IdRange Range { get; private set; }

    public readonly SubIdEntry Entry => new(Encoding.UTF8.GetString(Owner), Range);

    /// <summary>Whether the line is this user's: by name, or by number in digits.</summary>
    public readonly bool IsOf(ReadOnlySpan<byte> name, uint uid) =>
        (!name.IsEmpty && Owner.SequenceEqual(name)) || (IdNumber.TryParse(Owner, out uint owner) && owner == uid);

    /// <summary>Goes to the next entry; lines that are none are skipped and told to <paramref name="broken"/> where that is wanted.</summary>
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
        int fields = rest.Count((byte)':') + 1;
        if (fields != 3)
        {
            return $"it has {fields} fields, not OWNER:START:COUNT";
        }

        ReadOnlySpan<byte> owner = AccountLines.Field(ref rest);
        ReadOnlySpan<byte> startField = AccountLines.Field(ref rest);
        if (owner.IsEmpty)
        {
            return "the owner is empty";
        }

        if (!IdNumber.TryParse(startField, out uint start))
        {
            return "the first ID is not a number from 0 to 4294967294";
        }

        if (!IdNumber.TryParseCount(rest, out uint count) || count == 0)
        {
            return "the count is not a number from 1 to 4294967295";
        }

        IdRange range = new(start, count);
        if (range.End > uint.MaxValue)
        {
            return "the range goes past the last ID, 4294967294";
        }

        Owner = owner;
        Range = range;
        return null;
    }
}
