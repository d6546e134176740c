using System.Text;

namespace Csrun.Commands;

/// <summary>The help of one verb and the list of all.</summary>
internal static class HelpText
{
    private const int Width = 80;
    private const int Column = 30;

    /// <summary>Writes what csrun is and which verbs there are.</summary>
    internal static void WriteOverview(TextWriter output)
    {
        StringBuilder text = new();
        text.Append("csrun runs containers without root and gets the ownership of files right.\n\nUsage:\n  csrun [OPTIONS] VERB ...\n\nVerbs:\n");
        foreach (Verb verb in VerbTable.All())
        {
            Entry(text, $"  {verb.Name}", verb.Summary, 20);
        }

        text.Append("\nTo start:\n  csrun run alpine id\n");
        AppendGroups(text, new LeadingOptions().Groups);
        text.Append("\ncsrun VERB --help says more about a verb.\n");
        output.Write(text.ToString());
    }

    /// <summary>Writes the help of one verb.</summary>
    internal static void Write(Verb verb, TextWriter output)
    {
        StringBuilder text = new();
        text.Append($"csrun {verb.Name}: {verb.Summary}\n\nUsage:\n  csrun {verb.Name} {verb.Synopsis}".TrimEnd()).Append("\n\n");
        foreach (string paragraph in verb.Description.Split('\n'))
        {
            Wrap(text, paragraph, 0, 0);
        }

        AppendGroups(text, verb.Groups);
        if (verb.Examples.Count != 0)
        {
            text.Append("\nExamples:\n");
            foreach ((string command, string what) in verb.Examples)
            {
                text.Append($"  {command}\n      {what}\n");
            }
        }

        output.Write(text.ToString());
    }

    /// <summary>The option's names and placeholder: <c>-e, --env KEY[=VALUE]</c>.</summary>
    internal static string Names(CliOption option)
    {
        string shortName = "";
        string others = "";
        foreach (string alias in option.Aliases)
        {
            if (alias.Length == 2)
            {
                shortName = alias;
            }
            else
            {
                others += $", {alias}";
            }
        }

        string value = option.Kind switch
        {
            OptionKind.Flag => "",
            OptionKind.Optional => $"[={option.HelpName}]",
            _ => $" {option.HelpName}",
        };
        return (shortName.Length == 0 ? "    " : shortName + ", ") + option.Name + others + value;
    }

    private static void AppendGroups(StringBuilder text, IReadOnlyList<OptionGroup> groups)
    {
        foreach (OptionGroup group in groups)
        {
            text.Append($"\n{group.Title}:\n");
            foreach (CliOption option in group.Options)
            {
                Entry(text, $"  {Names(option)}", option.Description ?? "", Column);
            }
        }
    }

    private static void Entry(StringBuilder text, string left, string right, int column)
    {
        text.Append(left);
        int at = left.Length;
        if (at >= column - 1)
        {
            text.Append('\n');
            at = 0;
        }

        text.Append(' ', column - at);
        Wrap(text, right, column, column);
    }

    private static void Wrap(StringBuilder text, string paragraph, int at, int indent)
    {
        bool first = true;
        foreach (string word in paragraph.Split(' '))
        {
            if (!first && at + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                at = indent;
                first = true;
            }

            text.Append(first ? "" : " ").Append(word);
            at += word.Length + (first ? 0 : 1);
            first = false;
        }

        text.Append('\n');
    }
}
