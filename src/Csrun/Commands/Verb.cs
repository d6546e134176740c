using Csrun.Linux;

namespace Csrun.Commands;

/// <summary>One verb: its options, its help and what it asks of the engine. Made only when it is the verb in use.</summary>
internal abstract class Verb
{
    private IReadOnlyList<OptionGroup>? _groups;

    /// <summary>As it is typed: <c>run</c>, <c>image unpack</c>.</summary>
    internal abstract string Name { get; }

    /// <summary>One line for the list of verbs.</summary>
    internal abstract string Summary { get; }

    /// <summary>What follows the name in the usage line.</summary>
    internal abstract string Synopsis { get; }

    /// <summary>What the verb does, in a few sentences; empty lines part paragraphs.</summary>
    internal abstract string Description { get; }

    /// <summary>Commands that work as written, with what they do.</summary>
    internal virtual IReadOnlyList<(string Command, string What)> Examples => [];

    /// <summary>Whether the first word that is no option ends the options.</summary>
    internal virtual bool OptionsEndAtFirstWord => false;

    /// <summary>Options of the contract that come with a later version.</summary>
    internal virtual IReadOnlyList<LaterOption> LaterOptions => [];

    /// <summary>The words that may stand as first operand, for completion.</summary>
    internal virtual IReadOnlyList<string> Operands => [];

    /// <summary>The options that stand before the verb or among its own.</summary>
    internal CommonOptions Common { get; } = new();

    /// <summary>All options under their headings.</summary>
    internal IReadOnlyList<OptionGroup> Groups => _groups ??= [.. OwnGroups, Common.Group()];

    /// <summary>The verb's own options under their headings.</summary>
    protected virtual IReadOnlyList<OptionGroup> OwnGroups => [];

    /// <summary>Does what was asked.</summary>
    /// <returns>The exit code.</returns>
    internal abstract int Invoke(Invocation invocation);

    /// <summary>An error about this verb's command line.</summary>
    internal CsrunException Wrong(string what, string why, string? fix = null) =>
        new(Name.Length == 0 ? what : $"{Name}: {what}", why, fix ?? $"csrun {Name} --help");

    /// <summary>Checks how many operands there are.</summary>
    /// <exception cref="CsrunException">Too few or too many.</exception>
    protected void Expect(IReadOnlyList<string> words, int least, int most)
    {
        if (words.Count < least)
        {
            throw Wrong(words.Count == 0 ? "operands are missing" : $"\"{words[^1]}\" is not all that is needed", $"the usage is: csrun {Name} {Synopsis}");
        }

        if (words.Count > most)
        {
            throw Wrong($"\"{words[most]}\" is one word too many", $"the usage is: csrun {Name} {Synopsis}");
        }
    }
}
