using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Everything after IMAGE is the command's own, whatever it looks like.</summary>
public sealed class ArgumentTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void Options_after_the_image_are_the_commands() => Run(Host.AnyImage, "id", "-u").Printed("0");

    [UserFact]
    public void A_response_file_is_an_argument() =>
        Assert.Contains("@foo", Run(Host.AnyImage, "ls", "@foo").Exited(1).Stderr, StringComparison.Ordinal);

    [UserFact]
    public void Help_after_the_image_is_the_commands()
    {
        RunResult result = Run(Host.AnyImage, "sh", "--help");
        Assert.Contains("BusyBox", result.Stdout + result.Stderr, StringComparison.Ordinal);
    }

    [UserTheory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("*")]
    [InlineData("$HOME")]
    [InlineData("--")]
    [InlineData("-it")]
    [InlineData("--rm")]
    [InlineData("--version")]
    [InlineData("--name=x")]
    [InlineData("[diagram]")]
    [InlineData("[suggest]")]
    [InlineData("äöü €")]
    [InlineData("line\nbreak")]
    public void Arguments_arrive_untouched(string argument) =>
        Run(Host.AnyImage, "sh", "-c", "printf '%s|' \"$@\"", "sh", "first", argument, "last").Printed($"first|{argument}|last|");

    [UserFact]
    public void A_thousand_arguments_arrive()
    {
        string[] arguments = [.. Enumerable.Range(0, 1000).Select(i => $"argument-{i}")];
        Run([Host.AnyImage, "sh", "-c", "echo $# ${1000}", "sh", .. arguments]).Printed("1000 argument-999");
    }

    [UserFact]
    public void A_double_dash_before_the_image_is_allowed() => Run("--rm", "--", Host.AnyImage, "echo", "x").Printed("x");

    [UserFact]
    public void An_unknown_option_is_refused_and_named() => Assert.Contains("--frobnicate", Run("--frobnicate", Host.AnyImage, "true").Exited(125).Stderr, StringComparison.Ordinal);

    [UserTheory]
    [InlineData("-p", "8080:80")]
    public void An_option_of_a_later_issue_says_so(params string[] option) => Run([.. option, Host.AnyImage, "true"]).Refused(125, option[0]);

    [UserFact]
    public void No_command_line_at_all_shows_the_usage()
    {
        RunResult result = Sandbox.Csrun(Identity.User);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("csrun run", result.Stdout + result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void Version_and_help_are_on_standard_output()
    {
        Assert.Matches("^csrun .*[0-9]+\\.[0-9]+\\.[0-9]+", Sandbox.Csrun(Identity.User, "--version").Succeeded().Output);
        Assert.Contains("--userns", Sandbox.Csrun(Identity.User, "run", "--help").Succeeded().Output, StringComparison.Ordinal);
    }
}
