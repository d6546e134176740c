using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>sethostname(2) or setdomainname(2) in the new UTS namespace.</summary>
/// <param name="Name">The name, at most 64 bytes.</param>
/// <param name="Domain">Whether it is the NIS domain name.</param>
public sealed record SetNamesOp(string Name, bool Domain) : KernelOp
{
    /// <inheritdoc/>
    public override string ManPage => Domain ? "setdomainname(2)" : "sethostname(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program) => program.Call(
        Domain ? Syscall.setdomainname : Syscall.sethostname,
        [(long)program.Utf8(Name), System.Text.Encoding.UTF8.GetByteCount(Name)]);

    /// <inheritdoc/>
    public override void ToStrace(StraceText text) => text.Call(
        Domain ? "setdomainname" : "sethostname", StraceText.Quote(Name), System.Text.Encoding.UTF8.GetByteCount(Name).ToString());

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) =>
        errno == Errno.EINVAL ? new Hint("a host name has at most 64 bytes", "choose a shorter one with --hostname") : null;
}
