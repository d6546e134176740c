using System.Diagnostics;

namespace Csrun.Linux.Tests.Abi;

/// <summary>Compiles and runs a C program, for what only the C headers or a plain child process can tell.</summary>
internal static class CProgram
{
    /// <summary>Why tests that need a compiler are skipped, or null.</summary>
    internal static string? SkipReason { get; } = Compiler() is null ? "no C compiler (cc, gcc, clang) in PATH" : null;

    /// <summary>Compiles the source, runs the program with the arguments, and gives what it printed.</summary>
    internal static string Run(string source, params string[] arguments)
    {
        string directory = Directory.CreateTempSubdirectory("csrun-abi-").FullName;
        try
        {
            File.WriteAllText($"{directory}/p.c", source);
            Start(Compiler()!, ["-std=gnu11", "-o", $"{directory}/p", $"{directory}/p.c"]);
            return Start($"{directory}/p", arguments);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Start(string file, string[] arguments)
    {
        ProcessStartInfo info = new(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{file} ended with {process.ExitCode}: {errors.Result}");
        return output;
    }

    private static string? Compiler()
    {
        foreach (string name in (string[])["cc", "gcc", "clang"])
        {
            foreach (string directory in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            {
                if (File.Exists($"{directory}/{name}"))
                {
                    return $"{directory}/{name}";
                }
            }
        }

        return null;
    }
}
