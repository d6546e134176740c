using System.Text;

namespace Csrun.Commands;

/// <summary>The manual pages, in roff with the man macros (man(7)), made from the same options as the help.</summary>
internal static class ManPage
{
    /// <summary>Each page with its file name: <c>csrun.1</c>, <c>csrun-run.1</c>, ...</summary>
    internal static IReadOnlyList<(string File, string Page)> All(IReadOnlyList<Verb> verbs)
    {
        List<(string, string)> pages = [("csrun.1", Overview(verbs))];
        foreach (Verb verb in verbs)
        {
            pages.Add(($"{PageName(verb)}.1", Of(verb)));
        }

        return pages;
    }

    private static string Overview(IReadOnlyList<Verb> verbs)
    {
        StringBuilder page = Start("csrun", "run containers without root");
        page.Append(".SH SYNOPSIS\n.B csrun\n[\\fIOPTIONS\\fR] \\fIVERB\\fR ...\n");
        page.Append(".SH DESCRIPTION\n").Append(Text("csrun runs containers without root and gets the ownership of files right. Two commands to begin with: csrun run alpine id, and csrun run -it alpine.")).Append('\n');
        page.Append(".SH VERBS\n");
        foreach (Verb verb in verbs)
        {
            page.Append($".TP\n\\fB{Text(verb.Name)}\\fR\n{Text(verb.Summary)}; see \\fB{Text(PageName(verb))}\\fR(1)\n");
        }

        Groups(page, new LeadingOptions().Groups);
        page.Append(".SH ENVIRONMENT\n.TP\n\\fBCSRUN_ROOT\\fR\nthe directory that holds images and containers, as \\fB\\-\\-root\\fR\n");
        page.Append(".TP\n\\fBCSRUN_IMAGE_PATH\\fR\ndirectories with root file system tarballs, colons between them\n");
        page.Append(".SH EXIT STATUS\nThe container's own; 125 csrun failed; 126 the command cannot be executed; 127 it is not found; 128+n signal n ended it.\n");
        return page.ToString();
    }

    private static string Of(Verb verb)
    {
        StringBuilder page = Start(PageName(verb), verb.Summary);
        page.Append($".SH SYNOPSIS\n.B csrun {Text(verb.Name)}\n{Text(verb.Synopsis)}\n.SH DESCRIPTION\n");
        foreach (string line in verb.Description.Split('\n'))
        {
            page.Append(line.Length == 0 ? ".PP" : Text(line)).Append('\n');
        }

        Groups(page, verb.Groups);
        if (verb.Examples.Count != 0)
        {
            page.Append(".SH EXAMPLES\n");
            foreach ((string command, string what) in verb.Examples)
            {
                page.Append($".TP\n\\fB{Text(command)}\\fR\n{Text(what)}\n");
            }
        }

        page.Append(".SH SEE ALSO\n\\fBcsrun\\fR(1)\n");
        return page.ToString();
    }

    private static void Groups(StringBuilder page, IReadOnlyList<OptionGroup> groups)
    {
        page.Append(".SH OPTIONS\n");
        foreach (OptionGroup group in groups)
        {
            page.Append($".SS {Text(group.Title)}\n");
            foreach (CliOption option in group.Options)
            {
                page.Append($".TP\n\\fB{Text(HelpText.Names(option).TrimStart())}\\fR\n{Text(option.Description ?? "")}\n");
            }
        }
    }

    private static StringBuilder Start(string name, string summary) => new StringBuilder()
        .Append($".TH {Text(name.ToUpperInvariant())} 1 \"\" \"csrun {VersionCommand.Version}\" \"csrun manual\"\n.SH NAME\n{Text(name)} \\- {Text(summary)}\n");

    private static string PageName(Verb verb) => "csrun-" + verb.Name.Replace(' ', '-');

    // A backslash starts an escape, a hyphen typed plain becomes a typographic one, a dot or quote at the start of a line is a request.
    private static string Text(string text)
    {
        string escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
