using System.Runtime.InteropServices;
using Csrun.Linux.Tests.Abi;

namespace Csrun.Linux.Tests.Seccomp;

/// <summary>A test that needs the real libseccomp.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeccompFactAttribute : FactAttribute
{
    /// <param name="compiler">Whether it needs a C compiler as well.</param>
    public SeccompFactAttribute(bool compiler = false) =>
        Skip = SeccompHere.SkipReason ?? (compiler ? CProgram.SkipReason : null);
}

/// <summary>A theory that needs the real libseccomp.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeccompTheoryAttribute : TheoryAttribute
{
    public SeccompTheoryAttribute() => Skip = SeccompHere.SkipReason;
}

internal static class SeccompHere
{
    internal static string? SkipReason { get; } =
        RuntimeInformation.ProcessArchitecture != Architecture.X64 ? "the numbers in these tests are those of x86-64"
        : NativeLibrary.TryLoad("libseccomp.so.2", out _) ? null
        : "libseccomp.so.2 is not installed";
}
