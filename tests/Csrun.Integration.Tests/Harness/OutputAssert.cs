namespace Csrun.Integration.Tests.Harness;

/// <summary>Assertions on output that read from left to right.</summary>
public static class OutputAssert
{
    /// <summary>Asserts that the output is one of the allowed ones.</summary>
    public static void Is(this string output, params string[] allowed) =>
        Assert.True(allowed.Contains(output), $"'{output}' is none of: {string.Join(" | ", allowed)}");
}
