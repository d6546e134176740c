namespace Csrun.Commands;

/// <summary><c>csrun run [OPTIONS] IMAGE|--rootfs DIR [COMMAND [ARG...]]</c>.</summary>
internal sealed class RunCommand : Verb
{
    private readonly RunOptions _options = new();

    internal override string Name => "run";

    internal override string Summary => "run a command in a new container";

    internal override string Synopsis => "[OPTIONS] IMAGE|--rootfs DIR [COMMAND [ARG...]]";

    internal override string Description =>
        """
        Runs COMMAND in a new container made of IMAGE, without root. IMAGE is looked for in the local store, then as a root file system tarball in the directories of CSRUN_IMAGE_PATH, then among the images csrun knows where to fetch.

        Options end at IMAGE: everything after it is the command's own, whatever it looks like. With --rootfs DIR there is no IMAGE, and the first word is the command.

        With -d the container runs in the background, its output goes to a log (csrun logs), and it stays after its end until csrun rm, unless --rm was given. Without -d it is removed when its command ends.

        The exit code is the command's own; 125 when csrun failed, 126 when the command cannot be executed, 127 when it is not found, 128+n when signal n ended it.
        """;

    internal override bool OptionsEndAtFirstWord => true;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun run alpine id", "who the container thinks it is"),
        ("csrun run -it alpine", "a shell"),
        ("csrun run -v \"$PWD:/src\" -w /src alpine ls -l", "your files, inside"),
        ("csrun run --userns keep-id -v \"$PWD:/src\" alpine ls -ln /src", "the same, and you stay you"),
        ("csrun run -d --name box alpine sleep 600", "in the background; csrun ps, exec, logs, stop and rm work on it"),
        ("csrun run --rootfs ./rootfs /bin/sh", "a directory as the root"),
        ("csrun run --explain alpine id", "what would happen, and why"),
    ];

    internal override IReadOnlyList<LaterOption> LaterOptions => RunLater.Options;

    protected override IReadOnlyList<OptionGroup> OwnGroups => _options.Groups();

    internal override int Invoke(Invocation invocation)
    {
        RunRequestReader reader = new(this, _options, invocation);
        return reader.Detaches && invocation.Engine.Detach() is { } exitCode
            ? exitCode
            : invocation.Engine.Run(reader.Read(), invocation.Global);
    }
}
