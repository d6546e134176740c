namespace Csrun.Linux.Tests.Abi;

/// <summary>A test that needs a C compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CFactAttribute : FactAttribute
{
    public CFactAttribute() => Skip = CProgram.SkipReason;
}

/// <summary>A theory that needs a C compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CTheoryAttribute : TheoryAttribute
{
    public CTheoryAttribute() => Skip = CProgram.SkipReason;
}
