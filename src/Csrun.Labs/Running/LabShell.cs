using System.Text;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;

namespace Csrun.Labs.Running;

/// <summary>A shell that stays open over several steps: a terminal window of the lesson.</summary>
internal sealed class LabShell : IDisposable
{
    private readonly Spawned _process;
    private readonly IReadOnlyList<string> _args;
    private readonly SafeFd _input;
    private readonly SafeFd _output;
    private readonly string _prompt;
    private int _count;

    private LabShell(Spawned process, IReadOnlyList<string> args, SafeFd input, SafeFd output, string prompt) =>
        (_process, _args, _input, _output, _prompt) = (process, args, input, output, prompt);

    /// <summary>How the lesson shows what is typed into it.</summary>
    internal string Prompt => _prompt;

    /// <summary>Starts a shell, or a program that ends up in one.</summary>
    /// <param name="path">The program.</param>
    /// <param name="args">Its arguments, the name first.</param>
    /// <param name="env">Its environment.</param>
    /// <param name="prompt">How the lesson shows what is typed into it.</param>
    /// <exception cref="KernelException">It cannot be started.</exception>
    internal static LabShell Open(string path, IReadOnlyList<string> args, IReadOnlyList<string> env, string prompt)
    {
        (SafeFd childInput, SafeFd input) = Sys.Pipe2();
        (SafeFd output, SafeFd childOutput) = Sys.Pipe2();
        using (childInput)
        using (childOutput)
        {
            SysResult started = Spawned.TryStart(path, args, env, [childInput, childOutput, childOutput], out Spawned? process);
            if (!started.Ok)
            {
                input.Dispose();
                output.Dispose();
                started.OrThrow("posix_spawn", path);
            }

            return new LabShell(process!, args, input, output, prompt);
        }
    }

    /// <summary>Types a command and waits until the shell is done with it.</summary>
    /// <returns>The exit code and the output; when the shell itself ended, its own exit code.</returns>
    /// <exception cref="CsrunException">It took too long.</exception>
    internal (int ExitCode, string Output) Type(string command)
    {
        string end = $"(end of {++_count}) ";
        byte[] line = Encoding.UTF8.GetBytes($"{command}\necho \"{end}$?\"\n");
        StringBuilder text = new();
        if (Sys.Write(_input, line).Ok)
        {
            byte[] buffer = new byte[8192];
            long until = Environment.TickCount64 + (long)LabProcess.Patience.TotalMilliseconds;
            while (Read(buffer, until) is > 0 and int read)
            {
                text.Append(Encoding.UTF8.GetString(buffer, 0, read));
                if (Ended(text, end) is { } exitCode)
                {
                    return (exitCode, text.ToString());
                }
            }
        }

        return (LabProcess.Wait(_process, _args), text.ToString());
    }

    /// <summary>Ends the shell by the end of its input, as Ctrl-D does.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        try
        {
            LabProcess.Wait(_process, _args);
        }
        catch (CsrunException)
        {
            // It has been killed, or it ended before and its exit code has been told.
        }
    }

    private int Read(byte[] buffer, long until)
    {
        while (true)
        {
            Span<PollFd> poll = [new PollFd(_output.Number, 1, 0)];
            long left = until - Environment.TickCount64;
            SysResult ready = left <= 0 ? new SysResult(0, Linux.Abi.Errno.None) : Sys.Ppoll(poll, left);
            if (ready.Errno == Linux.Abi.Errno.EINTR)
            {
                continue;
            }

            return ready.OrThrow("ppoll") == 0
                ? throw new CsrunException($"{CommandWords.Join(_args)} does not answer", $"it has been silent for {LabProcess.Patience.TotalSeconds} seconds")
                : (int)Sys.Read(_output, buffer).OrThrow("read");
        }
    }

    // Cuts the last line off once it is the mark that follows the command's end.
    private static int? Ended(StringBuilder text, string end)
    {
        string all = text.ToString();
        int at = all.LastIndexOf(end, StringComparison.Ordinal);
        if (at < 0 || !all.EndsWith('\n') || !int.TryParse(all.AsSpan(at + end.Length).TrimEnd('\n'), out int exitCode))
        {
            return null;
        }

        text.Length = at;
        return exitCode;
    }
}
