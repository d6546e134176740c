using System.Text;

namespace Csrun.Commands;

/// <summary>The completion script for bash.</summary>
internal static class BashCompletion
{
    internal static string Script(IReadOnlyList<Verb> verbs)
    {
        StringBuilder script = new();
        script.Append("""
            # bash completion for csrun; made by: csrun completion bash
            _csrun() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb= words= i
                # bash splits words at = and :, so the option's name may lie two words back.
                if [[ $cur == = ]]; then cur=; elif [[ $prev == = && COMP_CWORD -gt 1 ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        --root|--log|--log-format) ((i++)) ;;
                        -*) ;;
                        GROUPS) verb="${COMP_WORDS[i]} ${COMP_WORDS[i+1]}"; break ;;
                        *) verb=${COMP_WORDS[i]}; break ;;
                    esac
                done
                case "$verb $prev" in

            """.Replace("GROUPS", string.Join('|', VerbTable.Groups()), StringComparison.Ordinal));
        foreach (Verb verb in verbs)
        {
            foreach (CliOption option in CompletionWords.Options(verb))
            {
                string names = CompletionWords.Alternatives(option, name => $"\"{verb.Name} {name}\"", "|");
                if (option.IsPath)
                {
                    script.Append($"        {names}) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return ;;\n");
                }
                else if (option.Choices.Count != 0)
                {
                    script.Append($"        {names}) mapfile -t COMPREPLY < <(compgen -W '{string.Join(' ', option.Choices)}' -- \"$cur\"); return ;;\n");
                }
            }
        }

        script.Append("    esac\n    case $verb in\n        '') words='").Append(string.Join(' ', CompletionWords.FirstWords(verbs))).Append("' ;;\n");
        foreach (Verb verb in verbs)
        {
            script.Append($"        '{verb.Name}') words='{string.Join(' ', CompletionWords.All(verb))}' ;;\n");
        }

        foreach (string group in VerbTable.Groups())
        {
            script.Append($"        '{group} '*) words='{string.Join(' ', VerbTable.Members(group))}' ;;\n");
        }

        script.Append("""
                esac
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
            }
            complete -o default -F _csrun csrun

            """);
        return script.ToString();
    }
}
