using System.Globalization;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Plans;

/// <summary>A run of csrun under strace(1), and what the container's processes did in it.</summary>
/// <remarks>
/// strace runs as root with -u: under an ordinary user's strace newuidmap would lose its set-user-ID bit. With -ff each process
/// has a file of its own, so that no call is torn into "unfinished" and "resumed".
/// </remarks>
public sealed partial class TracedRun
{
    private readonly Dictionary<long, string[]> _processes = [];

    private TracedRun(RunResult result, string directory)
    {
        Result = result;
        foreach (string file in Directory.EnumerateFiles(directory, "trace.*"))
        {
            _processes.Add(long.Parse(Path.GetExtension(file).AsSpan(1), CultureInfo.InvariantCulture), File.ReadAllLines(file));
        }
    }

    /// <summary>How csrun ended.</summary>
    public RunResult Result { get; }

    /// <summary>What PID 1 does besides, when the run has --init; empty otherwise.</summary>
    public IReadOnlyList<string> InitCalls { get; private set; } = [];

    /// <summary>Runs csrun under strace.</summary>
    /// <param name="sandbox">The class's world.</param>
    /// <param name="identity">Who runs csrun.</param>
    /// <param name="args">Everything after csrun's name.</param>
    /// <param name="terminal">Whether csrun gets a terminal of 24 rows and 80 columns.</param>
    public static TracedRun Start(Sandbox sandbox, Identity identity, IReadOnlyList<string> args, bool terminal)
    {
        Account account = Host.Of(identity);
        string directory = sandbox.Directory(identity, "trace");
        List<string> strace = ["/usr/bin/strace", "-ff", "-v", "-s", "65535", "--pidns-translation", "-o", Path.Combine(directory, "trace")];
        if (identity != Identity.Root)
        {
            strace.AddRange(["-u", account.Name]);
        }

        strace.AddRange(["/usr/bin/env", "HOME=" + account.Home, "USER=" + account.Name, "CSRUN_ROOT=" + sandbox.Root(identity), Host.Csrun, .. args]);
        RunResult result = terminal
            ? sandbox.Terminal(Identity.Root, "stty rows 24 cols 80; " + string.Join(' ', strace.Select(Quote)))
            : Tool.Finish(sandbox.Start(Identity.Root, strace), null, Tool.Patience);
        return new TracedRun(result, directory);
    }

    /// <summary>The calls of the process that becomes the command, from its first to the execve that succeeds.</summary>
    public IReadOnlyList<string> ChildCalls()
    {
        long pid = _processes.Values.SelectMany(lines => lines).Where(line => line.StartsWith("clone3({flags=CLONE_PIDFD|", StringComparison.Ordinal) && line.Contains("CLONE_NEWPID", StringComparison.Ordinal))
            .Select(ResultOf).Single(); // workers in a user namespace, which remove the layer, have no PID namespace
        List<string> calls = [];
        foreach (string line in Calls(pid))
        {
            calls.Add(Clean(line));
            if (line.StartsWith("clone(", StringComparison.Ordinal))
            {
                InitCalls = [.. Calls(pid).SkipWhile(other => other != line).Skip(1).Select(Clean)];
                calls.AddRange(Calls(ResultOf(line)).Select(Clean));
                break;
            }
        }

        int command = calls.FindIndex(call => call.StartsWith("execve(", StringComparison.Ordinal) && call.EndsWith(" = 0", StringComparison.Ordinal));
        Assert.True(command >= 0, "no successful execve in\n" + string.Join('\n', calls) + "\n" + Result);
        return [.. calls.Take(command + 1)];
    }

    /// <summary>The calls of the process that joins a container, then of the one that it forks there, to the execve that succeeds.</summary>
    public IReadOnlyList<string> JoinedCalls()
    {
        string clone3 = _processes.Values.SelectMany(lines => lines)
            .Single(line => line.StartsWith("clone3({flags=CLONE_PIDFD,", StringComparison.Ordinal) || line.StartsWith("clone3({flags=CLONE_PIDFD|CLONE_INTO_CGROUP,", StringComparison.Ordinal));
        string[] before = [.. Calls(ResultOf(clone3))];
        int fork = Array.FindIndex(before, line => line.StartsWith("clone(", StringComparison.Ordinal));
        Assert.Equal(["sendmsg(3", "exit_group(0)"], before[(fork + 1)..].Select(line => line.Split(',')[0].Split(' ')[0]));
        string[] calls = [.. before[..(fork + 1)].Concat(Calls(ResultOf(before[fork]))).Select(Clean)];
        return calls[..(Array.FindIndex(calls, call => call.StartsWith("execve(", StringComparison.Ordinal) && call.EndsWith(" = 0", StringComparison.Ordinal)) + 1)];
    }

    private IEnumerable<string> Calls(long pid) =>
        _processes[pid].Where(line => !line.StartsWith("--- ", StringComparison.Ordinal) && !line.StartsWith("+++ ", StringComparison.Ordinal));

    // "clone(...) = 2 /* 4711 in strace's PID NS */": the second number is the one in the trace's file name.
    private static long ResultOf(string line)
    {
        Match match = OtherPid().Match(line);
        return long.Parse(match.Success ? match.Groups[1].Value : line[(line.LastIndexOf(" = ", StringComparison.Ordinal) + 3)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Without strace's remarks and alignment.</summary>
    private static string Clean(string line) => Alignment().Replace(Remark().Replace(line, ""), ") = ");

    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    [GeneratedRegex(@"/\* (\d+) in strace's PID NS \*/\s*$")]
    private static partial Regex OtherPid();

    [GeneratedRegex(@" /\* [^*]* \*/")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\)\s+= ")]
    private static partial Regex Alignment();
}
