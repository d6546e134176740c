using System.CommandLine;
using System.CommandLine.Parsing;

namespace Csrun.Commands;

/// <summary>One option: what System.CommandLine parses, and what help, manual and completion say about it.</summary>
/// <remarks>Every option has the same value type, so that the native binary holds one instantiation of the parser's generics.</remarks>
internal sealed class CliOption : Option<string[]>
{
    /// <summary>Creates an option.</summary>
    /// <param name="kind">How it takes its value.</param>
    /// <param name="name">Its long name, <c>--name</c>.</param>
    /// <param name="value">The value's placeholder; empty for a flag.</param>
    /// <param name="help">One sentence without a full stop.</param>
    /// <param name="aliases">Short names and other spellings.</param>
    internal CliOption(OptionKind kind, string name, string value, string help, params string[] aliases) : base(name, aliases)
    {
        Kind = kind;

        // Our own, because the parser's converter makes no array of an option that takes one value.
        CustomParser = Values;
        Description = help;
        HelpName = value;
        Arity = kind switch
        {
            OptionKind.Flag => ArgumentArity.Zero,
            OptionKind.Value => ArgumentArity.ExactlyOne,
            OptionKind.List => ArgumentArity.OneOrMore,
            _ => ArgumentArity.ZeroOrOne,
        };
    }

    /// <summary>How it takes its value.</summary>
    internal OptionKind Kind { get; }

    /// <summary>Values for completion and help, where there is a short list of them.</summary>
    internal IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether the value is a path of the host.</summary>
    internal bool IsPath { get; init; }

    private static string[] Values(ArgumentResult argument)
    {
        string[] values = new string[argument.Tokens.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = argument.Tokens[i].Value;
        }

        return values;
    }
}
