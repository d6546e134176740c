using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;

namespace Csrun.Plan.Ops;

/// <summary>The child runs a hook of the configuration and waits for its end (runtime-spec config.md, "POSIX-platform Hooks").</summary>
/// <param name="Kind">createContainer or startContainer.</param>
/// <param name="Index">Its place in that list.</param>
/// <param name="Hook">The hook.</param>
/// <param name="State">The container's state, which the hook reads.</param>
public sealed record RunHookOp(string Kind, int Index, Hook Hook, FdSlot State) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => "execve(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.RunProgram(Hook.Path, Args, Hook.Env, State, Hook.Timeout);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call("clone", "child_stack=NULL", "flags=CLONE_PIDFD|SIGCHLD", "...");
        text.Comment($"the hook: dup3({State}, 0), close_range(3, 4294967295, 0), execve({StraceText.Quote(Hook.Path)}, [{string.Join(", ", Args.Select(StraceText.Quote))}], ...)");
        text.Comment($"this process: {(Hook.Timeout is { } seconds ? $"ppoll for {seconds} s, " : "")}wait4");
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts)
    {
        string name = $"$.hooks.{Kind}[{Index}], \"{Hook.Path}\",";
        return errno switch
        {
            Errno.ENOENT => new Hint($"{name} cannot be executed {(Kind == "startContainer" ? "in the container" : "as the host's file that it names")}", $"ls -l {Hook.Path}"),
            Errno.ETIME => new Hint($"{name} did not end within its timeout of {Hook.Timeout} s and was killed"),
            Errno.ECANCELED => new Hint($"{name} failed: its exit code was not 0, or a signal ended it; it has said why on its standard error stream"),
            _ => null,
        };
    }

    private IReadOnlyList<string> Args => Hook.Args.Count == 0 ? [Hook.Path] : Hook.Args;
}
