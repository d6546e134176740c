using Csrun.Linux.IdMaps;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun idmap translate ID|FILE...</c>.</summary>
internal sealed class IdMapTranslateCommand : Verb
{
    private readonly CliOption _uid = new(OptionKind.Flag, "--uid", "", "the IDs are users' (the default)", "-u");
    private readonly CliOption _gid = new(OptionKind.Flag, "--gid", "", "the IDs are groups'", "-g");
    private readonly CliOption _from = new(OptionKind.Value, "--from", "PLACE", "where the IDs are counted: disk, mount, host or container; otherwise container where --pid, --container or --map names one, else disk") { Choices = ["disk", "mount", "host", "container"] };
    private readonly CliOption _pid = new(OptionKind.Value, "--pid", "PID", "the container is the user namespace of this process");
    private readonly CliOption _container = new(OptionKind.Value, "--container", "NAME", "the container is this running one, by name or ID");
    private readonly CliOption _map = new(OptionKind.List, "--map", "C:H:N", "the container's map: container ID, host ID, how many; repeatable");
    private readonly CliOption _mountMap = new(OptionKind.List, "--map-mount", "MAP", "the mount's map: TYPE:DISK:SHOWN:COUNT as for csrun idmap mount; repeatable");
    private readonly CliOption _draw = new(OptionKind.Flag, "--draw", "", "draw the two translations");
    private readonly CliOption _svg = new(OptionKind.Flag, "--svg", "", "draw them as one SVG document");
    private readonly CliOption _json = new(OptionKind.Flag, "--json", "", "print JSON");

    internal override string Name => "idmap translate";

    internal override string Summary => "follow an ID, or a file's owner, on all of its way";

    internal override string Synopsis => "[OPTIONS] ID|FILE...";

    internal override string Description =>
        """
        Shows an ID at every place of its way: on disk, as an ID-mapped mount shows it, on the host, and in the container. A word of digits is an ID; anything else is a file, whose user and group are followed through the mount that it lies on.

        Without --pid, --container and --map the container is the one that csrun run would start for this caller. A file's mount is asked for its map (Linux 6.15); --map-mount says it where the kernel does not, or plays through a mount that is not there.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun idmap translate --from container 1000", "whose files a container's user 1000 makes on the host"),
        ("csrun idmap translate --map-mount b:0:100000:65536 --map 0:100000:65536 --from disk 42", "through a mount and a container"),
        ("csrun idmap translate --draw /etc/passwd", "a drawing of a file's owner"),
        ("csrun idmap translate --svg -u -g --map-mount b:0:100000:65536 --map 0:100000:65536 --from disk 42 > way.svg", "a picture of both translations"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_uid, _gid, _from, _pid, _container, _map, _mountMap, _draw, _svg, _json])];

    internal override int Invoke(Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        Expect(invocation.Words, 1, int.MaxValue);
        if ((options.Has(_pid) ? 1 : 0) + (options.Has(_container) ? 1 : 0) + (options.Has(_map) ? 1 : 0) > 1)
        {
            throw Wrong("more than one of --pid, --container and --map was given", "each says which IDs the container has", "keep one of them");
        }

        if ((options.Flag(_draw) ? 1 : 0) + (options.Flag(_svg) ? 1 : 0) + (options.Flag(_json) ? 1 : 0) > 1)
        {
            throw Wrong("more than one of --draw, --svg and --json was given", "each is a form of its own", "keep one of them");
        }

        return invocation.Engine.IdMapTranslate(
            new IdTranslateRequest
            {
                Words = invocation.Words,
                Users = options.Flag(_uid),
                Groups = options.Flag(_gid),
                From = options.Value(_from) switch
                {
                    null => null,
                    "disk" => IdPlace.Disk,
                    "mount" => IdPlace.Mount,
                    "host" => IdPlace.Host,
                    "container" => IdPlace.Container,
                    string other => throw Wrong($"--from \"{other}\"", "the places are disk, mount, host and container", "--from host"),
                },
                Pid = options.Value(_pid),
                Container = options.Value(_container),
                Maps = options.All(_map),
                MountMaps = options.All(_mountMap),
                Json = options.Flag(_json),
                Draw = options.Flag(_draw),
                Svg = options.Flag(_svg),
            },
            invocation.Global);
    }
}
