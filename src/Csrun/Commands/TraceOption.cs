using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>--trace[=FORM]</c>, of every verb that has a plan and follows it.</summary>
internal static class TraceOption
{
    internal static CliOption Create() =>
        new(OptionKind.Optional, "--trace", "FORM", "print each step as it runs, on stderr, with its duration, results and what it changed: text (default) or json") { Choices = ["text", "json"] };

    /// <summary>The form that was asked for; null: no trace.</summary>
    /// <exception cref="Csrun.Linux.CsrunException">There is no such form.</exception>
    internal static TraceFormat? Read(Verb verb, CliOption option, ParsedOptions parsed)
    {
        if (!parsed.Has(option))
        {
            return null;
        }

        return (parsed.Value(option) ?? "text") switch
        {
            "text" => TraceFormat.Text,
            "json" => TraceFormat.Json,
            string other => throw verb.Wrong($"--trace=\"{other}\"", "the forms of a trace are text and json", "--trace"),
        };
    }
}
