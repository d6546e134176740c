namespace Csrun.Integration.Tests.Harness;

/// <summary>A theory about csrun run by the user without subordinate IDs; skipped with the reason where this machine cannot do it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NoSubIdsTheoryAttribute : TheoryAttribute
{
    private Need _needs;

    /// <summary>Decides with no further needs.</summary>
    public NoSubIdsTheoryAttribute() => Skip = Requirement.Missing(Identity.NoSubIds, Need.None);

    /// <summary>What the test needs beyond the user.</summary>
    public Need Needs
    {
        get => _needs;
        set => Skip = Requirement.Missing(Identity.NoSubIds, _needs = value);
    }
}
