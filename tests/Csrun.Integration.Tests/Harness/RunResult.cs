namespace Csrun.Integration.Tests.Harness;

/// <summary>What a command left: exit code (128+n when signal n ended it), standard output, standard error.</summary>
public sealed record RunResult(string Command, int ExitCode, string Stdout, string Stderr)
{
    /// <summary>Standard output without the last newline.</summary>
    public string Output => Stdout.TrimEnd('\n');

    /// <summary>Asserts exit code 0 and returns this.</summary>
    public RunResult Succeeded() => Exited(0);

    /// <summary>Asserts the exit code, with everything the command said in the message, and returns this.</summary>
    public RunResult Exited(int code)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode}, expected {code}\n{this}");
        return this;
    }

    /// <summary>Asserts standard output (but for the last newline) and exit code 0.</summary>
    public RunResult Printed(string expected)
    {
        Succeeded();
        Assert.True(Output == expected, $"expected standard output:\n{expected}\n{this}");
        return this;
    }

    /// <summary>Asserts a message of the csrun form: the code, each of the words, and a why or fix line.</summary>
    public RunResult Refused(int code, params string[] words)
    {
        Exited(code);
        Assert.True(Stderr.StartsWith("csrun: ", StringComparison.Ordinal), "a message starts with 'csrun: '\n" + this);
        Assert.True(
            Stderr.Contains("why: ", StringComparison.Ordinal) || Stderr.Contains("fix: ", StringComparison.Ordinal),
            "no why: or fix: line\n" + this);
        foreach (string word in words)
        {
            Assert.True(Stderr.Contains(word, StringComparison.OrdinalIgnoreCase), $"the message lacks '{word}'\n{this}");
        }

        Assert.DoesNotContain("   at ", Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Stderr, StringComparison.Ordinal);
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => $"$ {Command}\nexit code {ExitCode}\n--- stdout\n{Stdout}\n--- stderr\n{Stderr}";
}
