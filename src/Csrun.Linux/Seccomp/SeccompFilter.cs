using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>A compiled profile: what seccomp(2) takes.</summary>
/// <param name="Program">An array of struct sock_filter (linux/filter.h), 8 bytes each.</param>
/// <param name="Flags">The flags to load it with.</param>
/// <param name="Notes">What the user should know, one fact each.</param>
public sealed record SeccompFilter(ReadOnlyMemory<byte> Program, SeccompFilterFlags Flags, ImmutableArray<string> Notes)
{
    /// <summary>Whether it asks a listener about some calls (SCMP_ACT_NOTIFY).</summary>
    public bool Notifies => (Flags & SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;

    /// <summary>The most instructions the kernel takes in one filter (BPF_MAXINSNS).</summary>
    public const int MaxInstructions = 4096;

    /// <summary>The size of struct sock_filter.</summary>
    public const int InstructionSize = 8;

    /// <summary>How many instructions the program has: the len of struct sock_fprog.</summary>
    public int InstructionCount => Program.Length / InstructionSize;
}
