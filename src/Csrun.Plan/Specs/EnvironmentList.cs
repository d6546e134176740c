namespace Csrun.Plan.Specs;

/// <summary>Variables in their order, each name once; a later value takes the place of the earlier.</summary>
internal sealed class EnvironmentList
{
    private readonly List<string> _entries = new(16);

    /// <summary>The entries KEY=VALUE.</summary>
    internal IReadOnlyList<string> Entries => _entries;

    /// <summary>Whether the name is there.</summary>
    internal bool Has(string name) => Find(name) >= 0;

    /// <summary>Takes <c>KEY=VALUE</c>; <c>KEY</c> alone takes the variable away.</summary>
    internal void Set(string entry)
    {
        int equals = entry.IndexOf('=', StringComparison.Ordinal);
        int at = Find(equals < 0 ? entry : entry.AsSpan(0, equals));
        if (equals < 0)
        {
            if (at >= 0)
            {
                _entries.RemoveAt(at);
            }
        }
        else if (at >= 0)
        {
            _entries[at] = entry;
        }
        else
        {
            _entries.Add(entry);
        }
    }

    /// <summary>Takes all of them in their order.</summary>
    internal void Set(IReadOnlyList<string> entries)
    {
        foreach (string entry in entries)
        {
            Set(entry);
        }
    }

    private int Find(ReadOnlySpan<char> name)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            string entry = _entries[i];
            if (entry.Length > name.Length && entry[name.Length] == '=' && entry.AsSpan().StartsWith(name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
