using System.Globalization;

namespace Csrun.Plan.Tracing;

/// <summary>What a step changed: the difference of two looks at the child.</summary>
public static class StateChanges
{
    // More mounts than that at once are a change of all of them (a new root, another propagation), and counted.
    private const int ListedMounts = 4;

    /// <summary>The differences, a line each; empty when nothing that is looked at has changed.</summary>
    /// <param name="before">Before the step.</param>
    /// <param name="after">After it.</param>
    public static IReadOnlyList<string> Between(ProcessState before, ProcessState after)
    {
        List<string> changes = [];
        if (!after.IsKnown)
        {
            return changes;
        }

        foreach ((string name, string value) in after.Values)
        {
            string was = before.Values.GetValueOrDefault(name, "");
            if (before.IsKnown && was != value)
            {
                changes.Add($"{name}: {(was.Length == 0 ? "(empty)" : was)} -> {(value.Length == 0 ? "(empty)" : value)}");
            }
        }

        if (before.IsKnown)
        {
            AddMounts(before, after, changes);
        }

        return changes;
    }

    private static void AddMounts(ProcessState before, ProcessState after, List<string> changes)
    {
        List<string> gone = Without(before.Mounts, after.Mounts);
        List<string> come = Without(after.Mounts, before.Mounts);
        Add("-", gone, "gone", changes);
        Add("+", come, "new", changes);
    }

    private static void Add(string sign, List<string> mounts, string word, List<string> changes)
    {
        if (mounts.Count > ListedMounts)
        {
            changes.Add(string.Create(CultureInfo.InvariantCulture, $"mountinfo: {mounts.Count} lines {word}, such as {mounts[0]}"));
            return;
        }

        foreach (string mount in mounts)
        {
            changes.Add($"mountinfo: {sign} {mount}");
        }
    }

    // Lines as a multiset: the same mount may be there twice.
    private static List<string> Without(IEnumerable<string> lines, IEnumerable<string> others)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string line in others)
        {
            counts[line] = counts.GetValueOrDefault(line) + 1;
        }

        List<string> rest = [];
        foreach (string line in lines)
        {
            if (counts.GetValueOrDefault(line) is > 0 and int count)
            {
                counts[line] = count - 1;
            }
            else
            {
                rest.Add(line);
            }
        }

        return rest;
    }
}
