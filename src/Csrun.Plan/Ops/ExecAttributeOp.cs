using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>What a security module attribute is for.</summary>
public enum ExecAttribute
{
    /// <summary>The AppArmor profile from execve on.</summary>
    AppArmorProfile,

    /// <summary>The SELinux label from execve on.</summary>
    SelinuxLabel,

    /// <summary>The SELinux label of keyrings that are made next.</summary>
    SelinuxKeyLabel,
}

/// <summary>Tells a security module what this process, and what it forks, becomes at execve: a file of its own in procfs.</summary>
/// <param name="Procfs">The root of a procfs that no image has a say in.</param>
/// <param name="Attribute">What is set.</param>
/// <param name="Value">The profile's name, or the label.</param>
/// <param name="Fd">The slot of the open file.</param>
public sealed record ExecAttributeOp(FdSlot Procfs, ExecAttribute Attribute, string Value, FdSlot Fd) : KernelOp
{
    private const OpenFlags Flags = OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC;

    // thread-self is a link within procfs; anything that leads out of it, or onto a mount over it, is refused.
    private const ResolveFlags Resolve = ResolveFlags.RESOLVE_NO_XDEV | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_BENEATH;

    /// <summary>The file, from procfs's root. That of AppArmor is Linux 5.1's: attr/exec is the first module's that takes it.</summary>
    public string Path => Attribute switch
    {
        ExecAttribute.AppArmorProfile => "thread-self/attr/apparmor/exec",
        ExecAttribute.SelinuxLabel => "thread-self/attr/exec",
        _ => "thread-self/attr/keycreate",
    };

    private string Text => Attribute == ExecAttribute.AppArmorProfile ? $"exec {Value}" : Value;

    /// <inheritdoc/>
    public override string ManPage => "proc_pid_attr(5)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        ReadOnlySpan<ulong> how = [(ulong)(uint)Flags.ForKernel(), 0, (ulong)Resolve];
        program.Call(Syscall.openat2, [Procfs, (long)program.Utf8(Path), (long)program.Bytes(MemoryMarshal.AsBytes(how)), 24], Fd);
        program.Call(Syscall.write, [Fd, (long)program.Utf8(Text), Encoding.UTF8.GetByteCount(Text)]);
        program.Call(Syscall.close, [Fd]);
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        text.Call(Fd, "openat2", Procfs.ToString(), StraceText.Quote(Path), $"{{flags={OpenFlagsText.Strace(Flags)}, resolve={StraceText.Flags(Resolve)}}}", "24");
        text.Call("write", Fd.ToString(), StraceText.Quote(Text), $"{Encoding.UTF8.GetByteCount(Text)}");
        text.Call("close", Fd.ToString());
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => (Attribute, errno) switch
    {
        (ExecAttribute.AppArmorProfile, Errno.ENOENT) => new Hint($"AppArmor has no profile \"{Value}\" loaded", "sudo aa-status lists them; sudo apparmor_parser -r FILE loads one"),
        (ExecAttribute.AppArmorProfile, Errno.EACCES or Errno.EPERM) => new Hint(
            $"AppArmor does not let csrun change to the profile \"{Value}\": csrun runs under a profile itself that has no change_profile rule for it",
            "cat /proc/self/attr/current shows that profile; run csrun unconfined, or remove process.apparmorProfile from the configuration"),
        (_, Errno.EINVAL) when Attribute != ExecAttribute.AppArmorProfile => new Hint($"the loaded SELinux policy does not know the label \"{Value}\"", "seinfo -t lists the types; correct process.selinuxLabel in the configuration"),
        (_, Errno.EACCES or Errno.EPERM) => new Hint(
            $"the SELinux policy does not let csrun give a process the label \"{Value}\"",
            "ausearch -m avc -ts recent shows the denial; sudo chcon -t container_runtime_exec_t \"$(command -v csrun)\" gives csrun an engine's rights"),
        (_, Errno.EXDEV) => new Hint("something is mounted over parts of /proc here, over this process's attributes", "run csrun outside that container"),
        _ => null,
    };
}
