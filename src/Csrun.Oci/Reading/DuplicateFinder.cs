namespace Csrun.Oci;

/// <summary>Finds names that come twice. Small objects, nearly all, are compared; large ones, such as hostile ones, hashed.</summary>
internal struct DuplicateFinder
{
    private const int HashFrom = 16;
    private List<string>? _names;
    private HashSet<string>? _hashed;

    /// <summary>Notes a name; false when it was there already.</summary>
    internal bool Add(string name)
    {
        if (_hashed is not null)
        {
            return _hashed.Add(name);
        }

        _names ??= [];
        if (_names.Contains(name))
        {
            return false;
        }

        _names.Add(name);
        if (_names.Count >= HashFrom)
        {
            _hashed = new HashSet<string>(_names, StringComparer.Ordinal);
        }

        return true;
    }
}
