using Csrun.Commands;
using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

/// <summary>One command line, run against an engine that only remembers what it was asked.</summary>
internal sealed partial class Cli : IEngine
{
    internal int ExitCode { get; private set; }

    internal string Stdout { get; private set; } = "";

    internal string Stderr { get; private set; } = "";

    internal RunRequest? Request { get; private set; }

    internal GlobalOptions? Global { get; private set; }

    internal string? Asked { get; private set; }

    internal static readonly Dictionary<string, string> Environment = new() { ["HELD"] = "from caller", ["EMPTY"] = "" };

    internal static Cli Run(params string[] args)
    {
        Cli cli = new();
        using StringWriter stdout = new();
        using StringWriter stderr = new();
        CliHost host = new(stdout, stderr, name => Environment.GetValueOrDefault(name), File.ReadAllText);
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

    private int Note(string asked, GlobalOptions options)
    {
        (Asked, Global) = (asked, options);
        return 0;
    }
}
