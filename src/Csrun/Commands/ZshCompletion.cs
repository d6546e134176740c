using System.Text;

namespace Csrun.Commands;

/// <summary>The completion script for zsh.</summary>
internal static class ZshCompletion
{
    internal static string Script(IReadOnlyList<Verb> verbs)
    {
        StringBuilder script = new("#compdef csrun\n# zsh completion for csrun; made by: csrun completion zsh\n_csrun() {\n    local curcontext=$curcontext state line\n    typeset -A opt_args\n    _arguments -S -C \\\n");
        Specs(script, new LeadingOptions(), "        ");
        script.Append("        '1:verb:->verb' '*::word:->rest' && return 0\n    case $state in\n    verb)\n        local -a verbs=(\n            'help:show the help of a verb'\n");
        HashSet<string> firsts = [];
        foreach (Verb verb in verbs)
        {
            string[] words = verb.Name.Split(' ');
            if (firsts.Add(words[0]))
            {
                script.Append($"            {Quote($"{words[0]}:{(words.Length == 1 ? verb : VerbTable.Find(words[0])!).Summary}")}\n");
            }
        }

        script.Append("        )\n        _describe verb verbs ;;\n    rest)\n        local verb=$words[1]\n        case $verb in\n");
        foreach (string group in VerbTable.Groups())
        {
            script.Append($"        {group})\n            if (( CURRENT == 2 )); then compadd {string.Join(' ', VerbTable.Members(group))}; return; fi\n            verb=\"{group} $words[2]\"; shift words; (( CURRENT-- )) ;;\n");
        }

        script.Append("        esac\n        case $verb in\n");
        foreach (Verb verb in verbs)
        {
            // -A '-*': after the first word that is no option, options are the command's own.
            script.Append($"        '{verb.Name}') _arguments -S{(verb.OptionsEndAtFirstWord ? " -A '-*'" : "")} \\\n");
            Specs(script, verb, "            ");
            script.Append(verb.Operands.Count != 0 ? $"            '1:word:({string.Join(' ', verb.Operands)})' ;;\n" : "            '*:file:_files' ;;\n");
        }

        script.Append("        esac ;;\n    esac\n}\nif [[ $funcstack[1] == _csrun ]]; then _csrun \"$@\"; else compdef _csrun csrun; fi\n");
        return script.ToString();
    }

    private static void Specs(StringBuilder script, Verb verb, string indent)
    {
        foreach (CliOption option in CompletionWords.Options(verb))
        {
            string description = (option.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
            string action = option.IsPath ? "_files" : option.Choices.Count != 0 ? $"({string.Join(' ', option.Choices).Replace(":", "\\:", StringComparison.Ordinal)})" : " ";
            string value = (option.HelpName ?? "").Replace(":", "\\:", StringComparison.Ordinal);
            foreach (string name in (IEnumerable<string>)[option.Name, .. option.Aliases])
            {
                // + and =: the value follows at once or as the next word; =-: only after the equals sign.
                string suffix = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.Optional => "=-",
                    _ => name.Length == 2 ? "+" : "=",
                };
                string argument = option.Kind switch
                {
                    OptionKind.Flag => "",
                    OptionKind.Optional => $"::{value}:{action}",
                    _ => $":{value}:{action}",
                };
                string repeat = option.Kind == OptionKind.List ? "*" : "";
                script.Append($"{indent}{Quote($"{repeat}{name}{suffix}[{description}]{argument}")} \\\n");
            }
        }
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
