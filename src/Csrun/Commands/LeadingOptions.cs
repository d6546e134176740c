namespace Csrun.Commands;

/// <summary>The options that may stand before the verb.</summary>
internal sealed class LeadingOptions : Verb
{
    internal CliOption Version { get; } = new(OptionKind.Flag, "--version", "", "print the version");

    internal CliOption Rootless { get; } = new(OptionKind.Value, "--rootless", "MODE", "accepted for runc's sake: csrun sees by itself what it may do") { Choices = ["true", "false", "auto"] };

    internal override string Name => "";

    internal override string Summary => "";

    internal override string Synopsis => "[OPTIONS] VERB ...";

    internal override string Description => "";

    internal override bool OptionsEndAtFirstWord => true;

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [Version, Rootless])];

    // Never reached: the verb that follows is invoked.
    internal override int Invoke(Invocation invocation) => throw new NotSupportedException();
}
