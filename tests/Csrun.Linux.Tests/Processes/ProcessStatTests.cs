using System.Diagnostics;
using Csrun.Linux.Processes;

namespace Csrun.Linux.Tests.Processes;

/// <summary>/proc/PID/stat.</summary>
public sealed class ProcessStatTests
{
    [Fact]
    public void A_program_has_executed_and_a_shells_subshell_has_not()
    {
        Assert.True(ProcessStat.HasExecuted(Environment.ProcessId));
        Assert.Null(ProcessStat.HasExecuted(int.MaxValue));
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", "(echo ready; read -r line) & read -r line; kill $!"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Assert.Equal("ready", shell.StandardOutput.ReadLine());
        int subshell = int.Parse(File.ReadAllText($"/proc/{shell.Id}/task/{shell.Id}/children").Trim(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal((true, false), (ProcessStat.HasExecuted(shell.Id), ProcessStat.HasExecuted(subshell)));
        shell.StandardInput.WriteLine();
        shell.WaitForExit();
    }
}
