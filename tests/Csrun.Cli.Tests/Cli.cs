using Csrun.Commands;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

/// <summary>One command line, run against an engine that only remembers what it was asked.</summary>
internal sealed partial class Cli : IEngine
{
    internal int ExitCode { get; private set; }

    internal string Stdout { get; private set; } = "";

    internal string Stderr { get; private set; } = "";

    internal RunRequest? Request { get; private set; }

    internal bool Detached { get; private set; }

    internal ExecRequest? ExecRequest { get; private set; }

    internal GlobalOptions? Global { get; private set; }

    internal string? Asked { get; private set; }

    internal static readonly Dictionary<string, string> Environment = new() { ["HELD"] = "from caller", ["EMPTY"] = "" };

    internal static Cli Run(params string[] args) => Run(asRunc: false, args);

    internal static Cli AsRunc(params string[] args) => Run(asRunc: true, args);

    private static Cli Run(bool asRunc, string[] args)
    {
        Cli cli = new();
        using StringWriter stdout = new();
        using StringWriter stderr = new();
        CliHost host = new(stdout, stderr, name => Environment.GetValueOrDefault(name), File.ReadAllText) { AsRunc = asRunc };
        cli.ExitCode = CommandLine.Run(args, host, cli);
        cli.Stdout = stdout.ToString();
        cli.Stderr = stderr.ToString();
        return cli;
    }

    int IEngine.Run(RunRequest request, GlobalOptions options)
    {
        (Request, Global) = (request, options);
        return request.Image == "bug" ? throw new InvalidOperationException("oops") : 42;
    }

    int IEngine.Images(bool quiet, bool json, GlobalOptions options) => Note($"images quiet={quiet} json={json}", options);

    int IEngine.ImageUnpack(string image, string directory, GlobalOptions options) => Note($"unpack {image} {directory}", options);

    int IEngine.ImageRemove(IReadOnlyList<string> images, bool all, GlobalOptions options) => Note($"remove [{string.Join(' ', images)}] all={all}", options);

    int? IContainerVerbs.Detach()
    {
        Detached = true;
        return null;
    }

    int IContainerVerbs.Ps(bool all, bool quiet, bool json, GlobalOptions options) => Note($"ps all={all} quiet={quiet} json={json}", options);

    int IContainerVerbs.Remove(IReadOnlyList<string> containers, bool force, GlobalOptions options) => Note($"rm [{string.Join(' ', containers)}] force={force}", options);

    int IContainerVerbs.Exec(ExecRequest request, GlobalOptions options)
    {
        ExecRequest = request;
        return Note($"exec {request.Container} [{string.Join(' ', request.Command)}]", options);
    }

    int IContainerVerbs.Stop(IReadOnlyList<string> containers, TimeSpan patience, Signal signal, GlobalOptions options) => Note($"stop [{string.Join(' ', containers)}] {patience.TotalSeconds} {signal}", options);

    int IContainerVerbs.Kill(IReadOnlyList<string> containers, Signal signal, GlobalOptions options) => Note($"kill [{string.Join(' ', containers)}] {signal}", options);

    int IContainerVerbs.Wait(IReadOnlyList<string> containers, GlobalOptions options) => Note($"wait [{string.Join(' ', containers)}]", options);

    int IContainerVerbs.Logs(string container, bool follow, GlobalOptions options) => Note($"logs {container} follow={follow}", options);

    int IContainerVerbs.Inspect(IReadOnlyList<string> containers, GlobalOptions options) => Note($"inspect [{string.Join(' ', containers)}]", options);

    private int Note(string asked, GlobalOptions options)
    {
        (Asked, Global) = (asked, options);
        return 0;
    }
}
