namespace Csrun.Images.Tests.Harness;

/// <summary>A test that gives files to other users or makes devices.</summary>
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null : "needs root: it gives files to other users";
}
