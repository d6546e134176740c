using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>One option of a new file system.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its value, or null for a flag.</param>
public readonly record struct FilesystemOption(string Key, string? Value = null);

/// <summary>Makes a file system and a detached mount of it: fsopen(2), fsconfig(2), fsmount(2), since Linux 5.2.</summary>
/// <param name="Type">The file system's type.</param>
/// <param name="Options">Its options.</param>
/// <param name="Attributes">The mount's attributes.</param>
/// <param name="Context">The slot of the configuration context.</param>
/// <param name="Result">The detached mount.</param>
/// <param name="Source">What mountinfo shows as the source; null for the type's name.</param>
public sealed record NewFilesystemOp(string Type, ImmutableArray<FilesystemOption> Options, MountAttr Attributes, FdSlot Context, FdSlot Result, string? Source = null) : KernelOp
{
    private const long CLOEXEC = 1; // FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC

    /// <inheritdoc/>
    public override string ManPage => "fsopen(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        program.Call(Syscall.fsopen, [(long)program.Utf8(Type), CLOEXEC], Context);
        program.Call(Syscall.fsconfig, [Context, (long)FsconfigCommand.FSCONFIG_SET_STRING, (long)program.Utf8("source"), (long)program.Utf8(Source ?? Type), 0]);
        foreach (FilesystemOption option in Options)
        {
            FsconfigCommand command = option.Value is null ? FsconfigCommand.FSCONFIG_SET_FLAG : FsconfigCommand.FSCONFIG_SET_STRING;
            program.Call(Syscall.fsconfig, [Context, (long)command, (long)program.Utf8(option.Key), option.Value is { } value ? (long)program.Utf8(value) : 0, 0]);
        }

        program.Call(Syscall.fsconfig, [Context, (long)FsconfigCommand.FSCONFIG_CMD_CREATE, 0, 0, 0]);
        program.Call(Syscall.fsmount, [Context, CLOEXEC, (long)Attributes], Result);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Context, "fsopen", StraceText.Quote(Type), "FSOPEN_CLOEXEC");
        text.Call("fsconfig", Context.ToString(), "FSCONFIG_SET_STRING", "\"source\"", StraceText.Quote(Source ?? Type), "0");
        foreach (FilesystemOption option in Options)
        {
            text.Call("fsconfig", Context.ToString(), option.Value is null ? "FSCONFIG_SET_FLAG" : "FSCONFIG_SET_STRING", StraceText.Quote(option.Key), StraceText.Quote(option.Value), "0");
        }

        text.Call("fsconfig", Context.ToString(), "FSCONFIG_CMD_CREATE", "NULL", "NULL", "0");
        text.Call(Result, "fsmount", Context.ToString(), "FSMOUNT_CLOEXEC", StraceText.Flags(Attributes));
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => (Type, errno) switch
    {
        ("proc" or "sysfs", Errno.EPERM) => new Hint(
            $"the kernel gives a new user namespace a fresh {Type} only where the existing one is fully visible, and here something is mounted over parts of it (an outer container's masks)",
            "run csrun outside that container, or start the outer one with its masks off (docker: --security-opt systempaths=unconfined)"),
        ("overlay", Errno.ENODEV) => new Hint("this kernel has no overlay file system", "use --rootfs with a directory of its own"),
        ("overlay", Errno.EPERM) => new Hint("overlay in a user namespace needs Linux 5.11 or newer"),
        ("overlay", Errno.EINVAL) => new Hint("the file system below cannot carry an overlay's writable layer", "move the state to another file system: --root DIR"),
        (_, Errno.ENODEV) => new Hint($"this kernel has no {Type} file system"),
        (_, Errno.EINVAL) when Options.IsEmpty => new Hint($"the kernel does not make a {Type} file system in these namespaces"),
        (_, Errno.EINVAL) => new Hint($"{Type} knows none or not all of these options: {string.Join(", ", Options.Select(o => o.Value is null ? o.Key : $"{o.Key}={o.Value}"))}"),
        (_, Errno.EPERM) => new Hint($"{Type} cannot be mounted in a user namespace"),
        (_, Errno.ENOSPC) => new Hint("the limit of mounts is reached", "sudo sysctl fs.mount-max=200000"),
        _ => null,
    };
}
