using System.Collections.Immutable;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>Which system calls a container may use: the neutral form that every profile is brought into before it is compiled.</summary>
/// <remarks>OCI runtime-spec, linux.seccomp.</remarks>
public sealed record SeccompProfile
{
    internal const ushort EPERM = (ushort)Errno.EPERM;

    /// <summary>What to do with a call that no rule names.</summary>
    public required ScmpAct DefaultAction { get; init; }

    /// <summary>The number that goes with the default action when it is SCMP_ACT_ERRNO or SCMP_ACT_TRACE.</summary>
    public ushort DefaultErrnoRet { get; init; } = EPERM;

    /// <summary>The architectures whose calls the rules are for; the machine's own is always among them. A call of any other kills its thread.</summary>
    public ImmutableArray<ScmpArch> Architectures { get; init; } = [];

    /// <summary>Flags for seccomp(2).</summary>
    public SeccompFilterFlags Flags { get; init; }

    /// <summary>The rules. Two that name the same call without conditions and with different actions are a mistake.</summary>
    public required ImmutableArray<SeccompRule> Rules { get; init; }

    /// <summary>Whether calls that this machine's libseccomp does not know are worth a note: true for a profile that a user gave, false for the built-in one.</summary>
    public bool NotesUnknownCalls { get; init; }
}
