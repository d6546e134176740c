using Csrun.Linux;
using Csrun.Terminal;

namespace Csrun.Commands;

/// <summary>From argv to the engine: common options, verb, the verb's options, and whatever goes wrong on the way as text and exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="host">The process around it.</param>
    /// <param name="engine">What does the work.</param>
    /// <returns>The exit code.</returns>
    internal static int Run(string[] args, CliHost host, IEngine engine)
    {
        GlobalOptions global = new();
        try
        {
            engine.BeforeReading(args);
            int exitCode = Answer(args, host, engine, ref global);

            // Here and not at the very end: a full disk is a failure like any other.
            host.Stdout.Flush();
            return exitCode;
        }
        catch (CsrunException failure)
        {
            host.Stdout.Flush();
            return failure is Workers.WorkerFailedException ? failure.ExitCode : ErrorReport.Write(failure, global, host.Stderr);
        }
        catch (Exception failure)
        {
            CsrunException report = new(
                $"internal error: {failure.GetType().Name}: {failure.Message}",
                global.Debug ? failure.StackTrace : "this is a mistake in csrun, not in what was typed",
                "please report it with the command line; --debug shows where it happened");
            return ErrorReport.Write(report, global, host.Stderr);
        }
        finally
        {
            host.Stderr.Flush();
        }
    }

    private static int Answer(string[] args, CliHost host, IEngine engine, ref GlobalOptions global)
    {
        int at = 0;
        List<FoundOption> leading = [];
        if (args.Length != 0 && args[0].StartsWith('-'))
        {
            at = Leading(args, host, leading, ref global);
        }

        if (at < 0)
        {
            return 0;
        }

        if (at == args.Length)
        {
            HelpText.WriteOverview(host.Stderr);
            return 125;
        }

        Verb? verb = args[at] == "help" ? HelpFor(args, ref at, host) : FindVerb(args, ref at, host);
        return verb is null ? 0 : Invoke(verb, args.AsSpan(at), leading, host, engine, ref global);
    }

    private static int Invoke(Verb verb, ReadOnlySpan<string> args, List<FoundOption> leading, CliHost host, IEngine engine, ref GlobalOptions global)
    {
        ArgvScan scan = ArgvScan.Scan(verb, args);
        if (scan.Help)
        {
            HelpText.Write(verb, host.Stdout);
            return 0;
        }

        IReadOnlyList<FoundOption> options = scan.Options;
        if (leading.Count != 0)
        {
            // What stands nearer to the verb's own words wins.
            leading.RemoveAll(early => Contains(scan.Options, early.Name));
            options = [.. leading, .. options];
        }

        ParsedOptions parsed = new(verb.Name, verb.Groups, options);
        global = verb.Common.Read(parsed, host.Environment);
        return verb.Invoke(new Invocation(parsed, scan.Words, global, host, engine));
    }

    private static bool Contains(IReadOnlyList<FoundOption> options, string name)
    {
        foreach (FoundOption option in options)
        {
            if (option.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    // The options before the verb. Answers where the verb is, or -1 when --version or --help has been answered already.
    private static int Leading(string[] args, CliHost host, List<FoundOption> found, ref GlobalOptions global)
    {
        LeadingOptions known = new();
        ArgvScan scan = ArgvScan.Scan(known, args);
        if (scan.Help)
        {
            HelpText.WriteOverview(host.Stdout);
            return -1;
        }

        ParsedOptions parsed = new("", known.Groups, scan.Options);
        global = known.Common.Read(parsed, host.Environment);
        if (parsed.Flag(known.Version))
        {
            host.Stdout.Write($"{(host.AsRunc ? "runc version (csrun)" : "csrun")} {VersionCommand.Version}\nspec: {Oci.SpecVersion.Current}\n");
            return -1;
        }

        // What stands before the verb alone, as --rootless, no verb knows.
        IReadOnlyList<CliOption> common = known.Common.Group().Options;
        found.AddRange(scan.Options.Where(o => common.Any(c => c.Name == o.Name)));
        return args.Length - scan.Words.Count;
    }

    private static Verb FindVerb(string[] args, ref int at, CliHost host)
    {
        string name = args[at++];
        if (host.AsRunc && name == "run")
        {
            return new RuncRunCommand();
        }

        if (at < args.Length && !args[at].StartsWith('-') && VerbTable.Members(name).Count != 0)
        {
            name = $"{name} {args[at++]}";
        }

        return VerbTable.Find(name) ?? throw Unknown(name);
    }

    private static Verb? HelpFor(string[] args, ref int at, CliHost host)
    {
        at++;
        if (at == args.Length)
        {
            HelpText.WriteOverview(host.Stdout);
            return null;
        }

        HelpText.Write(FindVerb(args, ref at, host), host.Stdout);
        return null;
    }

    private static CsrunException Unknown(string name)
    {
        if (LaterVerbs.Find(name) is { } later)
        {
            return later;
        }

        IReadOnlyList<string> close = CloseNames.Of(name, [.. VerbTable.Names, .. LaterVerbs.Names]);
        return close.Count == 0
            ? new CsrunException($"\"{name}\" is no verb of csrun", $"the verbs are {string.Join(", ", VerbTable.Names)}", $"csrun run {name} ... to run the image of that name")
            : new CsrunException($"\"{name}\" is no verb of csrun", $"close to it: {string.Join(", ", close)}", $"csrun {close[0]}");
    }
}
