namespace Csrun.Linux.IdMaps;

public sealed partial class IdMap
{
    /// <summary>Everything for which the kernel would refuse the map (its EINVAL names none of it); empty when it is valid.</summary>
    /// <param name="inside">What the first numbers are called in the messages.</param>
    /// <param name="outside">What the second numbers are called.</param>
    /// <remarks>user_namespaces(7), "Defining user and group ID mappings". Entries are numbered from 1.</remarks>
    public IReadOnlyList<string> Validate(string inside = "container", string outside = "host")
    {
        if (Mappings.IsEmpty)
        {
            return ["the map is empty"];
        }

        if (Mappings.Length > MaxExtents)
        {
            return [$"the map has {Mappings.Length} entries, the kernel takes {MaxExtents}"];
        }

        List<string>? problems = null;
        for (int i = 0; i < Mappings.Length; i++)
        {
            IdMapping m = Mappings[i];
            if (m.Size == 0)
            {
                (problems ??= []).Add($"{Entry(i)} has size 0");
                continue;
            }

            if ((ulong)m.ContainerId + m.Size > uint.MaxValue)
            {
                (problems ??= []).Add($"{Entry(i)} goes past the last {inside} ID, 4294967294");
            }

            if ((ulong)m.HostId + m.Size > uint.MaxValue)
            {
                (problems ??= []).Add($"{Entry(i)} goes past the last {outside} ID, 4294967294");
            }

            CheckOverlaps(i, inside, outside, ref problems);
        }

        int length = WriteLength();
        if (length >= Environment.SystemPageSize)
        {
            (problems ??= []).Add($"the map is {length} bytes long, the kernel takes less than a page of {Environment.SystemPageSize}");
        }

        return (IReadOnlyList<string>?)problems ?? [];
    }

    /// <summary>Throws when the kernel would refuse the map, with every reason.</summary>
    /// <param name="option">Where the map comes from, for the message: <c>--uidmap</c>.</param>
    /// <exception cref="CsrunException">The map is not valid.</exception>
    public void ThrowIfInvalid(string option)
    {
        IReadOnlyList<string> problems = Validate();
        if (problems.Count != 0)
        {
            throw new CsrunException($"{option}{(option.EndsWith('=') ? "" : " ")}{Abbreviated()}: not a valid map", string.Join("\n", problems), Mappings.Length > MaxExtents
                ? "make one entry of several that follow each other: 0:100000:1,1:100001:1 is 0:100000:2"
                : "an entry is container ID, host ID, how many; no two entries may share an ID on either side: for instance 0:1001:1,1:100000:65536");
        }
    }

    /// <summary>As many of the leading entries as the kernel takes: at most <see cref="MaxExtents"/>, and less than a page of text.</summary>
    public IdMap Truncate()
    {
        int length = 0;
        for (int i = 0; i < Mappings.Length; i++)
        {
            length += WriteLength(Mappings[i]);
            if (i == MaxExtents || length >= Environment.SystemPageSize)
            {
                return new IdMap(Mappings[..i]);
            }
        }

        return this;
    }

    /// <summary>The map as text, cut after a few entries so that a message stays readable.</summary>
    public string Abbreviated() =>
        Mappings.Length <= 6 ? ToString() : $"{new IdMap(Mappings[..5])},... ({Mappings.Length} entries)";

    // One message per entry and side, about the earlier entry: as many messages as mistakes, not as pairs.
    private void CheckOverlaps(int index, string inside, string outside, ref List<string>? problems)
    {
        IdMapping m = Mappings[index];
        bool container = false, host = false;
        for (int j = 0; j < index && !(container && host); j++)
        {
            IdMapping earlier = Mappings[j];
            if (!container && new IdRange(m.ContainerId, m.Size).Overlaps(new IdRange(earlier.ContainerId, earlier.Size)))
            {
                container = true;
                (problems ??= []).Add($"{Entry(index)} overlaps {Entry(j)} at {inside} ID {Math.Max(m.ContainerId, earlier.ContainerId)}");
            }

            if (!host && new IdRange(m.HostId, m.Size).Overlaps(new IdRange(earlier.HostId, earlier.Size)))
            {
                host = true;
                (problems ??= []).Add($"{Entry(index)} overlaps {Entry(j)} at {outside} ID {Math.Max(m.HostId, earlier.HostId)}");
            }
        }
    }

    private string Entry(int index) => $"entry {index + 1} ({Mappings[index]})";

    private int WriteLength()
    {
        int length = 0;
        foreach (IdMapping m in Mappings)
        {
            length += WriteLength(m);
        }

        return length;
    }

    private static int WriteLength(IdMapping m) => Digits(m.ContainerId) + Digits(m.HostId) + Digits(m.Size) + 3;

    private static int Digits(uint value)
    {
        int digits = 1;
        while (value >= 10)
        {
            value /= 10;
            digits++;
        }

        return digits;
    }
}
