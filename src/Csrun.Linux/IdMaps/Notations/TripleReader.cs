namespace Csrun.Linux.IdMaps.Notations;

/// <summary>Reads the three numbers that every notation ends in.</summary>
internal static class TripleReader
{
    /// <summary>Reads them; says of each number what is wrong with it.</summary>
    /// <param name="entry">The whole entry, for messages.</param>
    /// <param name="numbers">The three texts.</param>
    /// <param name="first">What the first number is, for messages.</param>
    /// <param name="second">What the second number is.</param>
    /// <param name="mistakes">Takes the mistakes.</param>
    /// <param name="mapping">The mapping; its first number is the container ID, its second the host ID.</param>
    internal static bool TryRead(string entry, ReadOnlySpan<string> numbers, string first, string second, List<string> mistakes, out IdMapping mapping)
    {
        int before = mistakes.Count;
        uint a = Number(entry, numbers[0], first, IdNumber.Max, mistakes);
        uint b = Number(entry, numbers[1], second, IdNumber.Max, mistakes);
        uint size = Number(entry, numbers[2], "count", uint.MaxValue, mistakes);
        if (mistakes.Count == before && size == 0)
        {
            mistakes.Add($"\"{entry}\": the count is 0, which is no ID at all");
        }

        // 4294967295 is (uid_t)-1, which means "no ID" to the kernel, so a range ends at 4294967294.
        if (mistakes.Count == before && Math.Max(a, b) > uint.MaxValue - size)
        {
            mistakes.Add($"\"{entry}\" goes past 4294967294, the largest ID");
        }

        mapping = new IdMapping(a, b, size);
        return mistakes.Count == before;
    }

    private static uint Number(string entry, string text, string what, uint max, List<string> mistakes)
    {
        if (IdNumber.TryParseCount(text, out uint value) && value <= max)
        {
            return value;
        }

        mistakes.Add($"\"{entry}\": {what} \"{text}\" {(text.Length == 0 ? "is missing" : IdNumber.IsAllDigits(text) ? $"is larger than {max}, the largest there is" : "is no decimal number")}");
        return 0;
    }
}
