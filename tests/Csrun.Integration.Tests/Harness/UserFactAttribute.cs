namespace Csrun.Integration.Tests.Harness;

/// <summary>A fact about csrun run by an ordinary user; skipped with the reason where this machine cannot do it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UserFactAttribute : FactAttribute
{
    private Need _needs;

    /// <summary>Decides with no further needs.</summary>
    public UserFactAttribute() => Skip = Requirement.Missing(Identity.User, Need.None);

    /// <summary>What the test needs beyond the user.</summary>
    public Need Needs
    {
        get => _needs;
        set => Skip = Requirement.Missing(Identity.User, _needs = value);
    }
}
