namespace Csrun.Commands;

/// <summary>What the command line takes from the process around it; replaced in tests.</summary>
/// <param name="Stdout">The standard output stream: data.</param>
/// <param name="Stderr">The standard error stream: messages.</param>
/// <param name="Environment">Looks up a variable of the caller.</param>
/// <param name="ReadFile">Reads a small text file that an option names.</param>
internal sealed record CliHost(TextWriter Stdout, TextWriter Stderr, Func<string, string?> Environment, Func<string, string> ReadFile)
{
    /// <summary>Whether csrun was called as runc or crun: verbs that people and engines share mean runc's then.</summary>
    internal bool AsRunc { get; init; }
}
