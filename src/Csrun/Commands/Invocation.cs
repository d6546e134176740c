namespace Csrun.Commands;

/// <summary>One call of a verb: what was typed, and what the verb may use to answer it.</summary>
/// <param name="Options">The options.</param>
/// <param name="Words">The words that are no options, untouched.</param>
/// <param name="Global">What holds for every verb.</param>
/// <param name="Host">The process around the command line.</param>
/// <param name="Engine">What does the work.</param>
internal sealed record Invocation(ParsedOptions Options, IReadOnlyList<string> Words, GlobalOptions Global, CliHost Host, IEngine Engine);
