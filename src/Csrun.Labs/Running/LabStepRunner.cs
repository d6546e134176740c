using Csrun.Labs.Model;
using Csrun.Labs.Reporting;
using Csrun.Linux;
using Csrun.Linux.Processes;

namespace Csrun.Labs.Running;

/// <summary>Runs the steps of one lab, and knows the shells and services that they opened.</summary>
internal sealed class LabStepRunner(LabWorkplace workplace, Lab lab, LabVariables variables)
{
    private readonly Dictionary<string, LabShell> _shells = [];
    private readonly List<(Spawned Process, List<string> Args)> _services = [];

    /// <summary>Runs one step and compares what it printed.</summary>
    /// <exception cref="CsrunException">The command cannot be started or does not end.</exception>
    internal StepReport Run(LabStep step)
    {
        LabAccount account = workplace.Account(step.Actor ?? lab.Actor);
        string prompt = account.Prompt, command;
        int exitCode;
        string output;
        if (step.In is { } name)
        {
            LabShell shell = _shells[name];
            command = variables.Expand(step.Command);
            prompt = shell.Prompt;
            (exitCode, output) = shell.Type(command);
        }
        else
        {
            List<string> words = CommandWords.Split(step.Command, variables);
            (string path, List<string> args, List<string> env) = workplace.Line(account, words);
            command = CommandWords.Join(words);
            (exitCode, output) = step.Background ? Start(path, args, env)
                : step.Opens is { } opens ? Open(opens, path, args, env)
                : LabProcess.Run(path, args, env, step.Input is null ? null : variables.Expand(step.Input));
        }

        if (step.Into is { } variable)
        {
            variables[variable] = output.TrimEnd('\n');
        }

        string? expected = step.Expect is null ? null : variables.Expand(step.Expect);
        IReadOnlyList<DiffLine> diff = new OutputPattern(expected ?? "...").Compare(output);
        bool passed = exitCode == step.ExitCode && diff.All(line => line.Kind == DiffKind.Same);
        return new StepReport(step, passed ? LabOutcome.Passed : LabOutcome.Failed)
        {
            Command = command,
            Prompt = prompt,
            Output = output,
            ExitCode = exitCode,
            Expected = expected,
            Diff = diff,
        };
    }

    /// <summary>Ends the shells that are still open, and the services.</summary>
    internal void EndProcesses()
    {
        foreach (LabShell shell in _shells.Values)
        {
            shell.Dispose();
        }

        _shells.Clear();
        foreach ((Spawned process, List<string> args) in _services)
        {
            LabProcess.End(process, args);
        }

        _services.Clear();
    }

    /// <summary>Runs the lab's own clean-up, whatever its commands answer.</summary>
    internal void CleanUp()
    {
        foreach (LabStep step in lab.Cleanup)
        {
            try
            {
                Run(step);
            }
            catch (Exception e) when (e is CsrunException or FormatException)
            {
                // A step that would have made what is to be removed was never reached.
            }
        }
    }

    private (int ExitCode, string Output) Start(string path, List<string> args, List<string> env)
    {
        // A service ends with the lab, even when that is killed.
        if (LabWorkplace.Find("setpriv") is { } setpriv)
        {
            args = path == setpriv ? [args[0], "--pdeathsig=TERM", .. args[1..]] : [setpriv, "--pdeathsig=TERM", "--", path, .. args[1..]];
            path = setpriv;
        }

        _services.Add((LabProcess.StartService(path, args, env), args));
        return (0, "");
    }

    private (int ExitCode, string Output) Open(string name, string path, List<string> args, List<string> env)
    {
        LabShell shell = LabShell.Open(path, args, env, $"{name}>");
        _shells.Add(name, shell);
        return shell.Type(":");
    }
}
