using System.Collections.Immutable;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Broker;

/// <summary>User namespaces without a process, of which mounts take their maps; the last few are kept, for a user asks for the same again.</summary>
internal sealed class MapNamespaces
{
    private const int Kept = 16;

    private readonly List<(IdMap Uids, IdMap Gids, SafeFd Namespace)> _kept = new(Kept);

    /// <summary>A user namespace with these maps; this object's own.</summary>
    public SafeFd With(ImmutableArray<IdMapping> uids, ImmutableArray<IdMapping> gids)
    {
        IdMap uid = new(uids), gid = new(gids);
        for (int i = 0; i < _kept.Count; i++)
        {
            (IdMap Uids, IdMap Gids, SafeFd Namespace) one = _kept[i];
            if (one.Uids.Equals(uid) && one.Gids.Equals(gid))
            {
                _kept.RemoveAt(i);
                _kept.Add(one);
                return one.Namespace;
            }
        }

        SafeFd made = UserNamespaces.With(new IdMapPair(uid, gid));
        if (_kept.Count == Kept)
        {
            _kept[0].Namespace.Dispose();
            _kept.RemoveAt(0);
        }

        _kept.Add((uid, gid, made));
        return made;
    }
}
