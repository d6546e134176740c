using System.Diagnostics;
using System.Text;

namespace Csrun.Integration.Tests.Harness;

/// <summary>Runs programs of the host.</summary>
public static class Tool
{
    /// <summary>Nothing here takes longer, but for what says so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program as the tests' own user.</summary>
    public static RunResult Run(string program, params string[] args) => Finish(Start(new ProcessStartInfo(program, args)), null, Patience);

    /// <summary>Runs a program that must succeed; returns its standard output.</summary>
    public static string Check(string program, params string[] args) => Run(program, args).Succeeded().Stdout;

    /// <summary>Starts a program with its three streams as pipes.</summary>
    public static Process Start(ProcessStartInfo info)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        info.StandardOutputEncoding = info.StandardErrorEncoding = new UTF8Encoding(false);
        return Process.Start(info) ?? throw new InvalidOperationException("not started: " + info.FileName);
    }

    /// <summary>Feeds standard input, collects both outputs and waits; a program that takes too long is killed and fails the test.</summary>
    /// <param name="process">Started by <see cref="Start"/>; disposed of here.</param>
    /// <param name="stdin">What to write to it, or null for nothing.</param>
    /// <param name="patience">How long it may take.</param>
    /// <param name="endInput">False leaves standard input open until the end: script(1) types an end-of-file character when it closes.</param>
    public static RunResult Finish(Process process, byte[]? stdin, TimeSpan patience, bool endInput = true)
    {
        using (process)
        {
            string command = process.StartInfo.FileName + " " + string.Join(' ', process.StartInfo.ArgumentList);
            Task<string> stdout = process.StandardOutput.ReadToEndAsync();
            Task<string> stderr = process.StandardError.ReadToEndAsync();
            try
            {
                if (stdin is not null)
                {
                    process.StandardInput.BaseStream.Write(stdin);
                }

                if (endInput)
                {
                    process.StandardInput.Close();
                }
            }
            catch (IOException)
            {
                // It ended without reading everything: its exit code and messages tell.
            }

            if (!process.WaitForExit(patience))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail($"still running after {patience.TotalSeconds} s: {command}\n--- stdout\n{Part(stdout)}\n--- stderr\n{Part(stderr)}");
            }

            // The outputs end when every holder of the pipes has gone: a container that outlives csrun shows here.
            bool ended = Task.WaitAll([stdout, stderr], TimeSpan.FromSeconds(10));
            Assert.True(ended, "csrun has ended but something still holds its standard output: " + command);
            return new RunResult(command, process.ExitCode, stdout.Result, stderr.Result);
        }
    }

    private static string Part(Task<string> output) => output.Wait(1000) ? output.Result : "(unfinished)";
}
