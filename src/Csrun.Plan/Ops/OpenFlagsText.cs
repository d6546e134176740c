using Csrun.Linux.Abi;

namespace Csrun.Plan.Ops;

/// <summary>open(2)'s flags in strace's order.</summary>
internal static class OpenFlagsText
{
    internal static string Strace(OpenFlags flags)
    {
        string text = (flags & OpenFlags.O_RDWR) != 0 ? "O_RDWR" : (flags & OpenFlags.O_WRONLY) != 0 ? "O_WRONLY" : "O_RDONLY";
        foreach ((OpenFlags flag, string name) in Order)
        {
            if ((flags & flag) != 0)
            {
                text += "|" + name;
            }
        }

        return text;
    }

    private static ReadOnlySpan<(OpenFlags Flag, string Name)> Order => new[]
    {
        (OpenFlags.O_CREAT, "O_CREAT"), (OpenFlags.O_EXCL, "O_EXCL"), (OpenFlags.O_NOCTTY, "O_NOCTTY"), (OpenFlags.O_TRUNC, "O_TRUNC"),
        (OpenFlags.O_APPEND, "O_APPEND"), (OpenFlags.O_NONBLOCK, "O_NONBLOCK"), (OpenFlags.O_NOFOLLOW, "O_NOFOLLOW"),
        (OpenFlags.O_CLOEXEC, "O_CLOEXEC"), (OpenFlags.O_PATH, "O_PATH"), (OpenFlags.O_DIRECTORY, "O_DIRECTORY"),
    };
}
