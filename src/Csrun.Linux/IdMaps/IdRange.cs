namespace Csrun.Linux.IdMaps;

/// <summary>IDs that follow one another: a line of /etc/subuid without its owner.</summary>
/// <param name="Start">The first ID.</param>
/// <param name="Count">How many; 0 is an empty range.</param>
/// <remarks>subuid(5).</remarks>
public readonly record struct IdRange(uint Start, uint Count)
{
    /// <summary>One past the last ID; up to 2^32, so wider than an ID.</summary>
    public ulong End => (ulong)Start + Count;

    /// <summary>Whether the ID lies in the range.</summary>
    public bool Contains(uint id) => id >= Start && id < End;

    /// <summary>Whether the two ranges have an ID in common.</summary>
    public bool Overlaps(IdRange other) => Count != 0 && other.Count != 0 && Start < other.End && other.Start < End;

    /// <summary>As usermod(8) takes it: <c>FIRST-LAST</c>.</summary>
    public override string ToString() => Count == 0 ? "no IDs" : Count == 1 ? $"{Start}" : $"{Start}-{End - 1}";
}
