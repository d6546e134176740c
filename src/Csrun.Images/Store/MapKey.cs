using System.Text;
using Csrun.Linux;
using Csrun.Linux.Crypto;
using Csrun.Linux.IdMaps;

namespace Csrun.Images.Store;

/// <summary>The name of an ID map inside the store: trees unpacked under different maps have different owners on disk.</summary>
public static class MapKey
{
    /// <summary>The key of trees whose owners on disk are the image's own IDs: root without a map, or under an ID-mapped mount.</summary>
    public const string Host = "host";

    /// <summary>The key of trees with a single ID, ownership dropped.</summary>
    public static string Single(uint hostUid, uint hostGid) => $"single-{hostUid}-{hostGid}";

    /// <summary>The key of a map: readable when short, a digest of it otherwise.</summary>
    public static string For(IReadOnlyList<IdMapping> uids, IReadOnlyList<IdMapping> gids)
    {
        StringBuilder text = new("u");
        Append(text, uids);
        text.Append("_g");
        Append(text, gids);
        if (text.Length <= 96)
        {
            return text.ToString();
        }

        using Sha256 digest = new(managedOnly: true);
        digest.Update(Encoding.ASCII.GetBytes(text.ToString()));
        return $"map-{digest.Finish()[..32]}";
    }

    /// <summary>Refuses what is no single plain path component.</summary>
    internal static void Check(string key)
    {
        bool plain = key.Length is > 0 and <= 128 && key[0] != '.';
        foreach (char c in key)
        {
            plain &= char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';
        }

        if (!plain)
        {
            throw new CsrunException($"\"{key}\" is not a map key");
        }
    }

    private static void Append(StringBuilder text, IReadOnlyList<IdMapping> maps)
    {
        for (int i = 0; i < maps.Count; i++)
        {
            IdMapping map = maps[i];
            text.Append(i == 0 ? "" : ".").Append(map.ContainerId).Append('-').Append(map.HostId).Append('-').Append(map.Size);
        }
    }
}
