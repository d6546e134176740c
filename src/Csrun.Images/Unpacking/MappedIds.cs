namespace Csrun.Images.Unpacking;

/// <summary>The IDs that this process' user namespace has, for a message.</summary>
internal static class MappedIds
{
    /// <summary>The ranges of a map file (user_namespaces(7)), IDs inside the namespace: <c>0-0, 1-65536</c>.</summary>
    internal static string Describe(string file)
    {
        List<string> ranges = [];
        foreach (string line in File.ReadLines(file))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 3 && long.TryParse(fields[0], out long first) && long.TryParse(fields[2], out long size))
            {
                ranges.Add($"{first}-{first + size - 1}");
            }
        }

        return ranges.Count == 0 ? "none" : string.Join(", ", ranges);
    }
}
