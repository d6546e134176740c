using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary><c>csrun explain-report --html FILE [OPTIONS] IMAGE|--rootfs DIR [COMMAND [ARG...]]</c>.</summary>
internal sealed class ExplainReportCommand : Verb
{
    private readonly RunOptions _options = new();
    private readonly CliOption _html = new(OptionKind.Value, "--html", "FILE", "the page to write; one that exists is not replaced without --force") { IsPath = true };
    private readonly CliOption _force = new(OptionKind.Flag, "--force", "", "replace FILE where it exists", "-f");
    private readonly CliOption _planned = new(OptionKind.Flag, "--planned", "", "report the plan and run nothing: no timings, no mounts as they became");

    internal override string Name => "explain-report";

    internal override string Summary => "run a container and write a page about how it started";

    internal override string Synopsis => "--html FILE [OPTIONS] IMAGE|--rootfs DIR [COMMAND [ARG...]]";

    internal override string Description =>
        """
        Runs a container as csrun run does, follows its launch step by step, and writes one page of HTML about it: the plan with the reason for each step and what the kernel answered, where IDs go between disk, host and container, the ID maps, the mounts before and after, and how long each step took. The page is written when the command starts; the exit code is the command's.

        The page needs nothing else: no script and no file from elsewhere. It follows the reader's light or dark colours and fits a phone. FILE appears whole or not at all; a file or link of that name is replaced with --force only.

        It takes the options of csrun run, --break among them, but for those that print the plan elsewhere or leave the terminal (--explain, --trace, --step, --detach).
        """;

    internal override bool OptionsEndAtFirstWord => true;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun explain-report --html report.html alpine id", "the page, and what id prints"),
        ("csrun explain-report --html plan.html --planned --force -v \"$PWD:/src\" alpine", "the plan alone"),
    ];

    internal override IReadOnlyList<LaterOption> LaterOptions => RunLater.Options;

    protected override IReadOnlyList<OptionGroup> OwnGroups =>
    [
        new("Report", [_html, _force, _planned]),
        .. _options.Groups().Select(g => g with { Options = [.. g.Options.Where(o => !IsElsewhere(o))] }),
    ];

    internal override int Invoke(Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        string file = options.Value(_html) ?? throw Wrong("no file is named", "the page has to go somewhere", "csrun explain-report --html report.html alpine id");
        RunRequest request = new RunRequestReader(this, _options, invocation).Read();
        return invocation.Engine.Run(
            request with { Report = new ReportRequest(file, options.Flag(_force), options.Flag(_planned)) },
            invocation.Global);
    }

    private bool IsElsewhere(CliOption option) =>
        option == _options.Explain || option == _options.Trace || option == _options.Step || option == _options.Detach || option == _options.Remove;
}
