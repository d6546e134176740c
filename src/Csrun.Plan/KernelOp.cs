using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan;

/// <summary>One thing that the child does: data, its lowering to system calls, its rendering, and what its failures mean, in one place.</summary>
public abstract record KernelOp
{
    /// <summary>The manual page to read about it, such as <c>pivot_root(2)</c>.</summary>
    public abstract string ManPage { get; }

    /// <summary>Adds the system calls to the program.</summary>
    public abstract void Lower(RawProgram program);

    /// <summary>Writes the same system calls as strace(1) prints them, with slots in place of descriptors.</summary>
    public abstract void ToStrace(StraceText text);

    /// <summary>Why the kernel answers <paramref name="errno"/> here and what helps, or null where errno says it all.</summary>
    public virtual Hint? HintFor(Errno errno, HostFacts facts) => null;
}

/// <summary>The cause of a failure and its remedy.</summary>
/// <param name="Why">Why the kernel refused.</param>
/// <param name="Fix">What to do, as a command where there is one.</param>
/// <param name="ExitCode">The exit code, when it is not 125.</param>
public readonly record struct Hint(string Why, string? Fix = null, int ExitCode = 125);
