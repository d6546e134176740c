namespace Csrun.Commands;

/// <summary><c>csrun completion bash|zsh|fish</c>.</summary>
internal sealed class CompletionCommand : Verb
{
    internal override string Name => "completion";

    internal override string Summary => "print a completion script for a shell";

    internal override string Synopsis => "bash|zsh|fish";

    internal override string Description =>
        """
        Prints a script that completes csrun's verbs, options and values in the named shell.
        """;

    internal override IReadOnlyList<string> Operands => ["bash", "zsh", "fish"];

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("source <(csrun completion bash)", "complete in this shell"),
        ("csrun completion fish > ~/.config/fish/completions/csrun.fish", "complete in every new one"),
    ];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        string shell = invocation.Words[0];
        invocation.Host.Stdout.Write(shell switch
        {
            "bash" => BashCompletion.Script(VerbTable.All()),
            "zsh" => ZshCompletion.Script(VerbTable.All()),
            "fish" => FishCompletion.Script(VerbTable.All()),
            _ => throw Wrong($"\"{shell}\" is no shell that csrun completes in", "the shells are bash, zsh and fish", "csrun completion bash"),
        });
        return 0;
    }
}
