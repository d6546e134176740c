using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun idmap mount</c>: mount-idmapped's work, in its own words.</summary>
internal sealed class IdMapMountCommand : Verb
{
    private readonly CliOption _map = new(OptionKind.List, "--map-mount", "MAP", "the map: TYPE:DISK:SHOWN:COUNT with the types b (users and groups), u and g, repeatable; or /proc/PID/ns/user, a user namespace whose map is taken");
    private readonly CliOption _recursive = new(OptionKind.Flag, "--recursive", "", "take the mounts below SRC along, mapped as well: all or none");
    private readonly CliOption _options = new(OptionKind.List, "--options", "OPTIONS", "mount options, commas between them: ro, nosuid, nodev, noexec, nosymfollow, noatime, private and the like", "-o");
    private readonly CliOption _explain = ExplainOption.Create();

    internal override string Name => "idmap mount";

    internal override string Summary => "show a directory with other owners";

    internal override string Synopsis => "--map-mount MAP [OPTIONS] SRC DST";

    internal override string Description =>
        """
        Mounts SRC, a directory or a file, on DST with its owners mapped; nothing on disk changes. With b:0:100000:65536 what belongs to user and group 0 on disk belongs to 100000 under DST, and what 100000 makes there belongs to 0 on disk. IDs that the map does not have show as nobody (65534), and who has such an ID can make nothing there (EOVERFLOW).

        Users that are not named by any map keep their IDs when only groups are (g:), and groups likewise. If SRC is itself on an ID-mapped mount, the new map takes the place of the old one (Linux 6.15): it always counts the IDs on disk.

        It takes CAP_SYS_ADMIN over the user namespace that mounted the file system: root of the host for its disks; anyone for a tmpfs in a user and mount namespace of their own.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun idmap mount --map-mount b:0:100000:65536 /var/lib/lxc/c1/rootfs /mnt", "root's files for the container root 100000"),
        ("csrun idmap mount --map-mount u:1000:1001:1 --map-mount g:1000:1001:1 -o nosuid,nodev /media/stick /home/bob/stick", "one user's files for another user"),
        ("csrun idmap mount --map-mount /proc/4242/ns/user /srv/data /mnt", "as the container of process 4242 would want them"),
        ("csrun idmap mount --explain --map-mount b:0:100000:65536 /srv/data /mnt", "which calls that would be, and why"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_map, _recursive, _options]), new("Learning", [_explain])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 2, 2);
        IReadOnlyList<string> maps = invocation.Options.All(_map);
        return maps.Count == 0
            ? throw Wrong("no map is given", "the map says which owner on disk shows as whom", "csrun idmap mount --map-mount b:0:100000:65536 SRC DST")
            : invocation.Engine.IdMapMount(
                new IdMapMountRequest
                {
                    Maps = maps,
                    Recursive = invocation.Options.Flag(_recursive),
                    Options = [.. invocation.Options.All(_options).SelectMany(o => o.Split(',', StringSplitOptions.RemoveEmptyEntries))],
                    Source = invocation.Words[0],
                    Target = invocation.Words[1],
                    Explain = ExplainOption.Read(this, _explain, invocation.Options),
                },
                invocation.Global);
    }
}
