using System.Text;

namespace Csrun.Commands;

/// <summary>The completion script for fish.</summary>
internal static class FishCompletion
{
    internal static string Script(IReadOnlyList<Verb> verbs)
    {
        StringBuilder script = new("# fish completion for csrun; made by: csrun completion fish\ncomplete -c csrun -f -n __fish_use_subcommand -a help -d 'show the help of a verb'\n");
        foreach (CliOption option in CompletionWords.Options(new LeadingOptions()))
        {
            Line(script, "__fish_use_subcommand", option);
        }

        HashSet<string> firsts = [];
        foreach (Verb verb in verbs)
        {
            string[] words = verb.Name.Split(' ');
            if (firsts.Add(words[0]))
            {
                script.Append($"complete -c csrun -f -n __fish_use_subcommand -a {words[0]} -d {Quote((words.Length == 1 ? verb : VerbTable.Find(words[0])!).Summary)}\n");
            }

            string condition = words.Length == 1
                ? $"__fish_seen_subcommand_from {words[0]}"
                : $"__fish_seen_subcommand_from {words[0]}; and __fish_seen_subcommand_from {words[1]}";
            if (words.Length == 2)
            {
                script.Append($"complete -c csrun -f -n '__fish_seen_subcommand_from {words[0]}' -a {words[1]} -d {Quote(verb.Summary)}\n");
            }

            if (verb.Operands.Count != 0)
            {
                script.Append($"complete -c csrun -f -n '{condition}' -a '{string.Join(' ', verb.Operands)}'\n");
            }

            foreach (CliOption option in CompletionWords.Options(verb))
            {
                Line(script, condition, option);
            }
        }

        return script.ToString();
    }

    private static void Line(StringBuilder script, string condition, CliOption option)
    {
        script.Append($"complete -c csrun -n '{condition}'");
        foreach (string name in (IEnumerable<string>)[option.Name, .. option.Aliases])
        {
            script.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}");
        }

        if (option.Kind is OptionKind.Value or OptionKind.List)
        {
            script.Append(option.IsPath ? " -r -F" : " -x");
        }

        if (option.Choices.Count != 0)
        {
            script.Append($" -a '{string.Join(' ', option.Choices)}'");
        }

        script.Append($" -d {Quote(option.Description ?? "")}\n");
    }

    private static string Quote(string text) => $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
