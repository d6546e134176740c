using System.Runtime.InteropServices;

namespace Csrun.Commands;

/// <summary><c>csrun version</c>, <c>csrun --version</c>.</summary>
internal sealed class VersionCommand : Verb
{
    internal override string Name => "version";

    internal override string Summary => "print the version";

    internal override string Synopsis => "";

    internal override string Description =>
        """
        Prints csrun's version, and what it was built for and with.
        """;

    /// <summary>The version of this build.</summary>
    internal static string Version { get; } = typeof(VersionCommand).Assembly.GetName().Version is { } v ? $"{v.Major}.{v.Minor}.{v.Build}" : "0.0.0";

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 0, 0);
        string compiled = System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported ? "managed" : "native";
        invocation.Host.Stdout.Write($"csrun {Version}\n{compiled} code, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}\n");
        return 0;
    }
}
