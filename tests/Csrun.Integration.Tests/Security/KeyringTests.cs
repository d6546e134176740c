using System.Runtime.InteropServices;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>Keys of the caller's session (Kerberos tickets, disk keys) do not come along.</summary>
public sealed class KeyringTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void The_session_keyring_is_a_new_and_empty_one() => Look(Identity.User);

    [RootFact]
    public void Also_for_root() => Look(Identity.Root, "--userns", "host");

    private void Look(Identity identity, params string[] options)
    {
        if (Host.Find("perl") is null || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return; // it makes the system calls, by their x86-64 numbers
        }

        // A session with a key in it, as pam_keyinit and kinit make one; the search looks through the session keyring.
        const string Names = "my (\\$t, \\$d, \\$p) = (\\\"user\\\", \\\"ticket-of-the-caller\\\", \\\"x\\\"); ";
        const string Session = "/usr/bin/perl -e \"" + Names + "syscall(250, 1, 0) >= 0 or die \\$!; syscall(248, \\$t, \\$d, \\$p, 1, -3) >= 0 or die \\$!; exec @ARGV\" ";
        const string Search = "/usr/bin/perl -e \"" + Names + "print syscall(250, 10, -3, \\$t, \\$d, 0) >= 0 ? qq(found) : \\$!\"";
        Sandbox.Shell(identity, Session + Search).Printed("found");
        string run = $"$CSRUN run {string.Join(' ', options)} --security-opt seccomp=unconfined -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro {Host.AnyImage} ";
        Sandbox.Shell(identity, Session + run + Search).Printed("Required key not available");
    }
}
