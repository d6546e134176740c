namespace Csrun.Commands;

/// <summary>The options of <c>csrun run</c>.</summary>
internal sealed class RunOptions
{
    internal CliOption Interactive { get; } = new(OptionKind.Flag, "--interactive", "", "connect stdin to the container", "-i");

    internal CliOption Tty { get; } = new(OptionKind.Flag, "--tty", "", "give the container a terminal of its own", "-t");

    internal CliOption Detach { get; } = new(OptionKind.Flag, "--detach", "", "run in the background; prints the container's ID once the command runs", "-d");

    internal CliOption Remove { get; } = new(OptionKind.Flag, "--rm", "", "remove the container when it ends, as is done without -d");

    internal CliOption Init { get; } = new(OptionKind.Flag, "--init", "", "run a small init as process 1, which passes signals on and reaps what is left behind");

    internal CliOption Name { get; } = new(OptionKind.Value, "--name", "NAME", "give the container a name");

    internal CliOption Hostname { get; } = new(OptionKind.Value, "--hostname", "NAME", "host name inside (default: the first 12 digits of the container's ID)", "-h");

    internal CliOption Env { get; } = new(OptionKind.List, "--env", "KEY[=VALUE]", "set a variable; KEY alone takes the caller's value", "-e");

    internal CliOption EnvFile { get; } = new(OptionKind.List, "--env-file", "FILE", "set the variables of a file, one KEY=VALUE a line") { IsPath = true };

    internal CliOption Workdir { get; } = new(OptionKind.Value, "--workdir", "DIR", "working directory inside", "-w");

    internal CliOption Entrypoint { get; } = new(OptionKind.Value, "--entrypoint", "PROGRAM", "run PROGRAM in place of the image's entrypoint");

    internal CliOption Annotation { get; } = new(OptionKind.List, "--annotation", "KEY=VALUE", "add an annotation to the OCI configuration");

    internal CliOption User { get; } = new(OptionKind.Value, "--user", "USER[:GROUP]", "run as this user of the container, by name or number", "-u");

    internal CliOption GroupAdd { get; } = new(OptionKind.List, "--group-add", "GROUP", "add a supplementary group of the container; keep-groups alone keeps the caller's own in force, which show as 65534 inside");

    internal CliOption Userns { get; } = new(OptionKind.Value, "--userns", "MODE", "which host IDs stand behind the container's: private (default), keep-id[:uid=U,gid=G], auto, map=C:H:N[,C:H:N...], nomap, host, container:NAME, ns:PATH")
    {
        Choices = ["private", "keep-id", "auto", "nomap", "host", "map=", "ns:", "container:"],
    };

    internal CliOption UidMap { get; } = new(OptionKind.List, "--uidmap", "C:H:N", "map N user IDs from C in the container to H on the host");

    internal CliOption GidMap { get; } = new(OptionKind.List, "--gidmap", "C:H:N", "map N group IDs from C in the container to H on the host");

    internal CliOption Volume { get; } = new(OptionKind.List, "--volume", "SRC:DST[:OPTIONS]", "show a host directory or file in the container; options: ro rw bind rbind nosuid nodev noexec, (r)private (r)slave (r)shared, z Z, U, idmap[=uids=C-H-N;gids=C-H-N]", "-v") { IsPath = true };

    internal CliOption Mount { get; } = new(OptionKind.List, "--mount", "KEY=VALUE,...", "the same in full: type=bind|tmpfs, source=, target=, readonly, bind-propagation=, bind-recursive=, tmpfs-size=, tmpfs-mode=");

    internal CliOption Tmpfs { get; } = new(OptionKind.List, "--tmpfs", "DST[:OPTIONS]", "a file system in memory, such as /run:size=64m,mode=1777");

    internal CliOption ReadOnly { get; } = new(OptionKind.Flag, "--read-only", "", "make the root file system read-only");

    internal CliOption Rootfs { get; } = new(OptionKind.Value, "--rootfs", "DIR", "use DIR as the root as it is, in place of an image") { IsPath = true };

    internal CliOption Config { get; } = new(OptionKind.Value, "--config", "FILE", "start from an OCI runtime-spec config.json; options win over it") { IsPath = true };

    internal CliOption Network { get; } = new(OptionKind.Value, "--network", "MODE", "none (default: a loopback of its own) or host", "--net") { Choices = ["none", "host"] };

    internal CliOption CapAdd { get; } = new(OptionKind.List, "--cap-add", "CAP", "add a capability, or ALL") { Choices = ["ALL", "NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE", "SYS_TIME"] };

    internal CliOption CapDrop { get; } = new(OptionKind.List, "--cap-drop", "CAP", "drop a capability, or ALL") { Choices = ["ALL", "CHOWN", "DAC_OVERRIDE", "MKNOD", "NET_RAW", "SETGID", "SETUID"] };

    internal CliOption SecurityOpt { get; } = new(OptionKind.List, "--security-opt", "OPTION", "no-new-privileges, seccomp=unconfined|builtin|FILE, unmask=ALL|PATH[:PATH...], mask=PATH[:PATH...]")
    {
        Choices = ["no-new-privileges", "seccomp=unconfined", "seccomp=", "unmask=ALL", "unmask=", "mask="],
    };

    internal CliOption Ulimit { get; } = new(OptionKind.List, "--ulimit", "NAME=SOFT[:HARD]", "set a resource limit, such as nofile=1024:2048; -1 is no limit");

    internal LimitOptions Limits { get; } = new();

    internal CliOption Explain { get; } = ExplainOption.Create();

    internal CliOption Trace { get; } = TraceOption.Create();

    internal CliOption Step { get; } = new(OptionKind.Flag, "--step", "", "ask before each step, with commands to look at the container from another terminal; prints what --trace prints");

    internal CliOption Break { get; } = new(OptionKind.List, "--break", "STEP", "leave a step out on purpose, by its number or its operation's name in --explain=json, to see what it is for; refused where that could touch the host");

    internal IReadOnlyList<OptionGroup> Groups() =>
    [
        new("Container", [Interactive, Tty, Detach, Remove, Init, Name, Hostname, Env, EnvFile, Workdir, Entrypoint, Annotation]),
        new("Users and ID mapping", [User, GroupAdd, Userns, UidMap, GidMap]),
        new("Files", [Volume, Mount, Tmpfs, ReadOnly, Rootfs, Config]),
        new("Network and limits", [Network, Ulimit, .. Limits.Options]),
        new("Privileges", [CapAdd, CapDrop, SecurityOpt]),
        new("Learning", [Explain, Trace, Step, Break]),
    ];
}
