using System.Diagnostics;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Exit codes of the contract, and the reason for each command that cannot run.</summary>
public sealed class ExitCodeTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    // The machine number of a little-endian AArch64 ELF file; SPARC's on a machine that is AArch64 itself.
    private static readonly byte[] s_foreignElf =
    [
        0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        2, 0, (byte)(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? 62 : 183), 0,
        1, 0, 0, 0, .. new byte[40],
    ];

    [UserTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(125)]
    [InlineData(255)]
    public void The_containers_own_code(int code) => Inside($"exit {code}").Exited(code);

    [UserTheory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    [InlineData("SEGV", 139)]
    public void Death_by_signal_is_128_and_the_signal(string signal, int code) =>
        Run("--init", Host.AnyImage, "sh", "-c", $"kill -{signal} $$").Exited(code);

    [UserFact]
    public void A_missing_command_is_127() => Run(Host.AnyImage, "no-such-command").Refused(127, "no-such-command", "PATH");

    [UserFact]
    public void A_missing_path_is_127() => Run(Host.AnyImage, "/no/such/command").Refused(127, "/no/such/command");

    [UserFact]
    public void A_directory_is_126() => Run(Host.AnyImage, "/etc").Refused(126, "/etc", "directory");

    [UserFact]
    public void A_file_without_execute_permission_is_126() => Run(Host.AnyImage, "/etc/passwd").Refused(126, "/etc/passwd", "chmod");

    [UserFact]
    public void A_missing_interpreter_is_126_and_named() => RunFile("#!/no/such/interpreter\necho x\n"u8).Refused(126, "/no/such/interpreter");

    [UserFact]
    public void A_script_with_windows_line_ends_is_126_and_named() => RunFile("#!/bin/sh\r\necho x\r\n"u8).Refused(126, "Windows", "/bin/sh");

    [UserFact]
    public void A_program_for_another_machine_is_126_and_named() => RunFile(s_foreignElf).Refused(126, "aarch64", "x86-64");

    [UserFact]
    public void A_file_that_is_no_program_is_126() => RunFile([0, 1, 2, 3]).Refused(126, "/v/program");

    [UserFact]
    public void A_script_without_a_shebang_is_126_and_says_so() => RunFile("echo x\n"u8).Refused(126, "#!");

    [UserFact]
    public void A_script_with_a_shebang_runs() => RunFile("#!/bin/sh\necho it runs\n"u8).Printed("it runs");

    [UserFact]
    public void Csruns_own_failure_is_125() => Run("--frobnicate", Host.AnyImage, "true").Exited(125);

    [UserFact]
    public void Killed_by_a_forwarded_signal_is_128_and_the_signal()
    {
        using Process process = Sandbox.Start(Identity.User, [Host.Csrun, "run", "--init", Host.AnyImage, "sh", "-c", "echo ready; exec sleep 60"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Tool.Check("kill", "-TERM", $"{process.Id}");
        Tool.Finish(process, null, Tool.Patience).Exited(143);
    }

    private RunResult RunFile(ReadOnlySpan<byte> content)
    {
        string directory = Sandbox.Directory(Identity.User);
        string file = Path.Combine(directory, "program");
        File.WriteAllBytes(file, content.ToArray());
        Tool.Check("chmod", "0755", file);
        return Run("-v", $"{directory}:/v", Host.AnyImage, "/v/program");
    }
}
