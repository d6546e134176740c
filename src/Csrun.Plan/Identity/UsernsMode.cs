using Csrun.Linux;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>What <c>--userns</c> asks for.</summary>
/// <param name="Kind">The way to choose the maps.</param>
/// <param name="KeepUid">The container user that the caller is to be under <c>keep-id</c>; null for its own ID.</param>
/// <param name="KeepGid">The container group that the caller's group is to be under <c>keep-id</c>; null for its own ID.</param>
/// <param name="Map">The map of <c>map=</c>, for users and groups alike; not validated yet.</param>
/// <param name="Target">The container's name, or the namespace's path.</param>
public sealed record UsernsMode(UsernsKind Kind, uint? KeepUid = null, uint? KeepGid = null, IdMap? Map = null, string? Target = null)
{
    private static readonly string[] s_names = ["host", "private", "keep-id", "auto", "nomap", "map=", "container:", "ns:"];

    /// <summary>What holds when nothing is asked for.</summary>
    public static UsernsMode Private { get; } = new(UsernsKind.Private);

    /// <summary>Reads the value of <c>--userns</c>.</summary>
    /// <exception cref="CsrunException">There is no such mode, or its parameters are wrong.</exception>
    public static UsernsMode Parse(string text)
    {
        switch (text)
        {
            case "private":
                return Private;
            case "host":
                return new UsernsMode(UsernsKind.Host);
            case "keep-id":
                return new UsernsMode(UsernsKind.KeepId);
            case "auto":
                return new UsernsMode(UsernsKind.Auto);
            case "nomap":
                return new UsernsMode(UsernsKind.NoMap);
        }

        if (After(text, "map=") is string map)
        {
            return new UsernsMode(UsernsKind.Map, Map: IdMap.Parse(map, "--userns map="));
        }

        if (After(text, "keep-id:") is string options)
        {
            return ParseKeepId(text, options);
        }

        if (After(text, "container:") is string container)
        {
            return new UsernsMode(UsernsKind.Container, Target: NotEmpty(container, text, "the container's name or ID"));
        }

        if (After(text, "ns:") is string path)
        {
            return new UsernsMode(UsernsKind.Path, Target: NotEmpty(path, text, "the path of a user namespace, such as /proc/PID/ns/user"));
        }

        IReadOnlyList<string> close = CloseNames.Of(text, s_names);
        throw new CsrunException(
            $"--userns \"{text}\": there is no such mode",
            close.Count != 0 ? $"close to it: {string.Join(", ", close)}" : "no mode has a name like it",
            "host, private, keep-id[:uid=U,gid=G], auto, nomap, map=C:H:N[,C:H:N...], container:NAME or ns:PATH");
    }

    /// <summary>As the command line takes it.</summary>
    public override string ToString() => Kind switch
    {
        UsernsKind.Host => "host",
        UsernsKind.KeepId when KeepUid is not null && KeepGid is not null => $"keep-id:uid={KeepUid},gid={KeepGid}",
        UsernsKind.KeepId when KeepUid is not null => $"keep-id:uid={KeepUid}",
        UsernsKind.KeepId when KeepGid is not null => $"keep-id:gid={KeepGid}",
        UsernsKind.KeepId => "keep-id",
        UsernsKind.Auto => "auto",
        UsernsKind.NoMap => "nomap",
        UsernsKind.Map => $"map={Map}",
        UsernsKind.Container => $"container:{Target}",
        UsernsKind.Path => $"ns:{Target}",
        _ => "private",
    };

    private static string? After(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;

    private static string NotEmpty(string value, string text, string what) =>
        value.Length != 0 ? value : throw new CsrunException($"--userns \"{text}\": nothing follows the colon", $"it has to be {what}");

    private static UsernsMode ParseKeepId(string text, string options)
    {
        uint? uid = null, gid = null;
        foreach (string option in options.Split(','))
        {
            string? uidText = After(option, "uid="), gidText = After(option, "gid=");
            if ((uidText is null && gidText is null) || (uidText is not null && uid is not null) || (gidText is not null && gid is not null))
            {
                throw new CsrunException($"--userns \"{text}\": \"{option}\" is not valid", "keep-id takes uid=U and gid=G, each once");
            }

            if (!IdNumber.TryParse(uidText ?? gidText!, out uint id))
            {
                throw new CsrunException($"--userns \"{text}\": \"{option}\" is not valid", $"an ID is a decimal number up to {IdNumber.Max}");
            }

            uid = uidText is null ? uid : id;
            gid = gidText is null ? gid : id;
        }

        return new UsernsMode(UsernsKind.KeepId, uid, gid);
    }
}
