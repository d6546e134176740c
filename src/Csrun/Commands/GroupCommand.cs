namespace Csrun.Commands;

/// <summary>The first word of two-word verbs alone: <c>csrun image --help</c> says which verbs follow it.</summary>
/// <param name="name">The word.</param>
/// <param name="summary">One line for the list of verbs.</param>
/// <param name="description">What its verbs do.</param>
internal sealed class GroupCommand(string name, string summary, string description) : Verb
{
    internal override string Name => name;

    internal override string Summary => summary;

    internal override string Synopsis => $"{string.Join('|', Operands)} ...";

    internal override string Description => description;

    internal override IReadOnlyList<string> Operands => VerbTable.Members(name);

    internal override int Invoke(Invocation invocation)
    {
        IReadOnlyList<string> members = Operands;
        string words = members.Count == 1 ? members[0] : $"{string.Join(", ", members.Take(members.Count - 1))} or {members[^1]}";
        Verb first = VerbTable.Find($"{name} {members[0]}")!;
        throw Wrong("what to do is missing", $"{name} is followed by {words}", $"csrun {first.Name} {first.Synopsis}");
    }
}
