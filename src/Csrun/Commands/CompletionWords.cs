using System.Text;

namespace Csrun.Commands;

/// <summary>What the completion scripts of all shells offer.</summary>
internal static class CompletionWords
{
    /// <summary>The verb's options in the order of its help.</summary>
    internal static IEnumerable<CliOption> Options(Verb verb)
    {
        foreach (OptionGroup group in verb.Groups)
        {
            foreach (CliOption option in group.Options)
            {
                yield return option;
            }
        }
    }

    /// <summary>Every name of an option, rendered and joined.</summary>
    internal static string Alternatives(CliOption option, Func<string, string> render, string separator)
    {
        StringBuilder names = new(render(option.Name));
        foreach (string alias in option.Aliases)
        {
            names.Append(separator).Append(render(alias));
        }

        return names.ToString();
    }

    /// <summary>Options and operands of a verb.</summary>
    internal static IReadOnlyList<string> All(Verb verb)
    {
        List<string> words = [.. verb.Operands];
        foreach (CliOption option in Options(verb))
        {
            words.Add(option.Name);
            words.AddRange(option.Aliases);
        }

        return words;
    }

    /// <summary>What may follow <c>csrun</c>: the first words of the verbs and the common options.</summary>
    internal static IReadOnlyList<string> FirstWords(IReadOnlyList<Verb> verbs)
    {
        List<string> words = ["help"];
        foreach (Verb verb in verbs)
        {
            string first = verb.Name.Split(' ')[0];
            if (!words.Contains(first))
            {
                words.Add(first);
            }
        }

        words.AddRange(All(new LeadingOptions()));
        return words;
    }
}
