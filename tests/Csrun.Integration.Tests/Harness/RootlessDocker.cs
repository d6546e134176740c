namespace Csrun.Integration.Tests.Harness;

/// <summary>Docker's rootless mode: the daemon of an ordinary user, by rootlesskit.</summary>
public class RootlessDocker : DockerDaemon
{
    /// <summary>Where distributions put the script.</summary>
    private static readonly string[] s_scripts = ["/usr/share/docker.io/contrib/dockerd-rootless.sh", "/usr/bin/dockerd-rootless.sh"];

    /// <inheritdoc/>
    public override Identity Identity => Identity.User;

    /// <inheritdoc/>
    protected override string Preparation => "export DOCKERD_ROOTLESS_ROOTLESSKIT_NET=host DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=none";

    /// <inheritdoc/>
    protected override string Program => $"sh {s_scripts.FirstOrDefault(File.Exists) ?? s_scripts[0]}";
}
