using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>--explain[=FORM]</c> of the verbs that have a launch plan.</summary>
internal static class ExplainOption
{
    private static readonly string[] s_forms = ["prose", "strace", "sh", "json", "mermaid"];

    /// <summary>The option, for one verb.</summary>
    internal static CliOption Create() =>
        new(OptionKind.Optional, "--explain", "FORM", "print the plan and run nothing: prose (default), strace, sh (a script that does the same), json or mermaid") { Choices = ["prose", "strace", "sh", "json", "mermaid"] };

    /// <summary>The form asked for; null when the plan is to be carried out.</summary>
    internal static ExplainFormat? Read(Verb verb, CliOption option, ParsedOptions parsed)
    {
        if (!parsed.Has(option))
        {
            return null;
        }

        string form = parsed.Value(option) ?? "prose";
        int index = Array.IndexOf(s_forms, form);
        return index >= 0
            ? (ExplainFormat)index
            : throw verb.Wrong($"--explain=\"{form}\"", $"the forms of a plan are {string.Join(", ", s_forms)}", "--explain=prose");
    }
}
