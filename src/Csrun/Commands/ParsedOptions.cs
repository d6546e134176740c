using System.CommandLine;
using Csrun.Linux;

namespace Csrun.Commands;

/// <summary>The options of one command line, read through System.CommandLine.</summary>
/// <remarks>Only its parser runs: its invocation pipeline installs signal handlers, which are threads, before it calls anything.</remarks>
internal sealed class ParsedOptions
{
    // Response files (@FILE) are off because a command's own words may start with @; the scan has taken bundles like -it apart already.
    private static readonly ParserConfiguration s_configuration = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private readonly ParseResult _result;

    internal ParsedOptions(string verb, IReadOnlyList<OptionGroup> groups, IReadOnlyList<FoundOption> options)
    {
        Command command = new("csrun");
        foreach (OptionGroup group in groups)
        {
            foreach (CliOption option in group.Options)
            {
                command.Options.Add(option);
            }
        }

        List<string> tokens = new(options.Count);
        foreach ((string name, string? value) in options)
        {
            if (string.IsNullOrEmpty(value))
            {
                // The parser takes "--name=" for a name alone, so an empty value needs a token of its own.
                tokens.Add(name);
                if (value is not null)
                {
                    tokens.Add(value);
                }
            }
            else
            {
                // One token: a value that looks like an option stays a value.
                tokens.Add($"{name}={value}");
            }
        }

        _result = command.Parse(tokens, s_configuration);
        if (_result.Errors.Count != 0)
        {
            throw new CsrunException($"the command line of csrun {verb} is not understood", _result.Errors[0].Message, $"csrun {verb} --help");
        }
    }

    /// <summary>Whether the option was given.</summary>
    internal bool Has(CliOption option) => _result.GetResult(option) is { Implicit: false };

    /// <summary>Whether a flag was given.</summary>
    internal bool Flag(CliOption option) => Has(option);

    /// <summary>The option's value; null when it was not given, or given without one.</summary>
    internal string? Value(CliOption option) => _result.GetValue(option) is [.., string last] ? last : null;

    /// <summary>All values of the option in their order.</summary>
    internal IReadOnlyList<string> All(CliOption option) => _result.GetValue(option) ?? [];
}
