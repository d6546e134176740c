using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun unshare [OPTIONS] [COMMAND [ARG...]]</c>.</summary>
internal sealed class UnshareCommand : Verb
{
    private readonly CliOption _noMap = new(OptionKind.Flag, "--no-map", "", "leave the namespace without ID maps: everybody in it is nobody, until newuidmap and newgidmap write maps for its PID from outside");
    private readonly CliOption _userns = new(OptionKind.Value, "--userns", "MODE", "which host IDs stand behind the namespace's, as for csrun run: private (default), keep-id[:uid=U,gid=G], map=C:H:N[,C:H:N...], nomap (subordinate IDs without the caller's own)")
    {
        Choices = ["private", "keep-id", "nomap", "map="],
    };

    private readonly CliOption _uidMap = new(OptionKind.List, "--uidmap", "C:H:N", "map N user IDs from C in the namespace to H on the host");
    private readonly CliOption _gidMap = new(OptionKind.List, "--gidmap", "C:H:N", "map N group IDs from C in the namespace to H on the host");
    private readonly CliOption _explain = ExplainOption.Create();

    internal override string Name => "unshare";

    internal override string Summary => "run a command as root of a user namespace of your IDs, on this host";

    internal override string Synopsis => "[OPTIONS] [--] [COMMAND [ARG...]]";

    internal override string Description =>
        """
        Runs COMMAND, or your shell, in a new user namespace with the same ID maps that csrun run gives a container: user 0 is you, 1 and above are your subordinate IDs. What belongs to IDs of your containers on the disk can be read, changed, given away and removed there. Files, terminal, descriptors, processes and network stay the host's; there is a mount namespace of its own, so that mount works, and nothing that is mounted in it shows outside.

        With --no-map there are no maps and no mount namespace: everybody is nobody, as after unshare --user. Maps can then be written from outside, for the PID that echo $$ prints.

        As root user 0 is the first of root's subordinate IDs, as in a container.

        Options end at COMMAND. The exit code is the command's own; 125 when csrun failed, 126 when the command cannot be executed, 127 when it is not found, 128+n when signal n ended it.
        """;

    internal override bool OptionsEndAtFirstWord => true;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun unshare", "a shell, as root over all of your IDs"),
        ("csrun unshare chown -R 0:0 ./data", "files that a container has written are yours again"),
        ("csrun unshare cat /proc/self/uid_map", "which IDs these are"),
        ("csrun unshare --no-map ls -l /", "everything belongs to nobody"),
        ("csrun unshare --explain id", "what would happen, and why"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("ID mapping", [_noMap, _userns, _uidMap, _gidMap]), new("Learning", [_explain])];

    internal override int Invoke(Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        bool noMap = options.Flag(_noMap);
        foreach (CliOption map in (ReadOnlySpan<CliOption>)[_userns, _uidMap, _gidMap])
        {
            if (noMap && options.Has(map))
            {
                throw Wrong($"--no-map and {map.Name} were both given", "without maps there is nothing to map", "leave one of them out");
            }
        }

        return invocation.Engine.Unshare(
            new UnshareRequest
            {
                Command = invocation.Words,
                NoMap = noMap,
                Userns = options.Value(_userns),
                UidMaps = options.All(_uidMap),
                GidMaps = options.All(_gidMap),
                Explain = ExplainOption.Read(this, _explain, options),
            },
            invocation.Global);
    }
}
