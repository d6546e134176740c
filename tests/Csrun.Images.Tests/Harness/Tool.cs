using System.Diagnostics;

namespace Csrun.Images.Tests.Harness;

/// <summary>Runs a program of the machine.</summary>
internal static class Tool
{
    internal static (int Code, string Output, string Error) Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs it and fails the test when it does.</summary>
    internal static string Must(string program, params string[] arguments)
    {
        (int code, string output, string error) = Run(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    internal static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

    /// <summary>This test assembly as a command: <c>dotnet exec Csrun.Images.Tests.dll</c>.</summary>
    internal static string[] Self =>
        [Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet", "exec", typeof(Tool).Assembly.Location];
}
