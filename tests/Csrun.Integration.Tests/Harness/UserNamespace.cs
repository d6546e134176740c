using System.Diagnostics;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A user namespace of a user's own, held by a process that sleeps in it.</summary>
public sealed class UserNamespace : IDisposable
{
    private readonly Process _process;

    /// <summary>Makes it.</summary>
    public UserNamespace(Sandbox sandbox, Identity owner)
    {
        _process = sandbox.Start(owner, ["/usr/bin/unshare", "--user", "/bin/sh", "-c", "echo ready; exec sleep 600"]);
        Assert.Equal("ready", _process.StandardOutput.ReadLine());
        Fd = BrokerPeer.OpenRead($"/proc/{_process.Id}/ns/user");
    }

    /// <summary>A descriptor of it.</summary>
    public int Fd { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        BrokerPeer.Close(Fd);
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
