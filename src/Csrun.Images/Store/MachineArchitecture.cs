using System.Runtime.InteropServices;

namespace Csrun.Images.Store;

/// <summary>Names of processor architectures in the file names of root file systems.</summary>
internal static class MachineArchitecture
{
    /// <summary>This machine's, as <c>uname -m</c> says it.</summary>
    internal static string Own => RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";

    private static readonly string[] s_x64 = ["x86_64", "amd64", "x64"];
    private static readonly string[] s_arm64 = ["aarch64", "arm64", "arm64v8"];
    private static readonly string[] s_others =
        ["armv7", "armv7l", "armv7hl", "armhf", "armel", "armv6", "arm", "x86", "i386", "i486", "i586", "i686", "ppc64le", "ppc64el", "ppc64", "s390x", "riscv64", "loongarch64", "mips64el", "mips64le"];

    /// <summary>Whether a word names this machine's architecture (true), another one (false) or none (null).</summary>
    internal static bool? IsOwn(ReadOnlySpan<char> word)
    {
        bool arm = Own == "aarch64";
        return Contains(arm ? s_arm64 : s_x64, word) ? true
            : Contains(arm ? s_x64 : s_arm64, word) || Contains(s_others, word) ? false
            : null;
    }

    private static bool Contains(string[] names, ReadOnlySpan<char> word)
    {
        foreach (string name in names)
        {
            if (word.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
