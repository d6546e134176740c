namespace Csrun.Integration.Tests.Harness;

/// <summary>A fact about csrun run by root; skipped with the reason where this machine cannot do it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    private Need _needs;

    /// <summary>Decides with no further needs.</summary>
    public RootFactAttribute() => Skip = Requirement.Missing(Identity.Root, Need.None);

    /// <summary>What the test needs beyond the user.</summary>
    public Need Needs
    {
        get => _needs;
        set => Skip = Requirement.Missing(Identity.Root, _needs = value);
    }
}
