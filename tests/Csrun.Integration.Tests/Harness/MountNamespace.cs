namespace Csrun.Integration.Tests.Harness;

/// <summary>Runs shell scripts in a mount namespace of their own: what they mount is gone with them, whatever happens.</summary>
public static class MountNamespace
{
    /// <summary>As root; the script stops at the first command that fails. $CSRUN is the binary.</summary>
    public static RunResult AsRoot(Sandbox sandbox, string script) =>
        Tool.Finish(sandbox.Start(Identity.Root, ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script]), null, Tool.Patience);

    /// <summary>As the ordinary user, in a user namespace too: root there, with the user's subordinate IDs.</summary>
    public static RunResult AsUser(Sandbox sandbox, string script) =>
        Tool.Finish(sandbox.Start(Identity.User, ["/usr/bin/unshare", "--user", "--map-root-user", "--map-auto", "--mount", "/bin/sh", "-ec", script]), null, Tool.Patience);
}
