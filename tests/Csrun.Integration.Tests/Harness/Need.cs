namespace Csrun.Integration.Tests.Harness;

/// <summary>What a test needs of the machine; it is skipped with the reason where that is not there.</summary>
[Flags]
public enum Need
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Alpine's 3.20.3 minirootfs in CSRUN_IMAGE_PATH.</summary>
    Alpine = 1,

    /// <summary>strace(1).</summary>
    Strace = 2,

    /// <summary>objdump(1).</summary>
    Objdump = 4,

    /// <summary>script(1), for a terminal.</summary>
    Script = 8,

    /// <summary>newuidmap(1) and a line for the user in /etc/subuid and /etc/subgid.</summary>
    SubIds = 16,

    /// <summary>Tests that run as root, although csrun does not: to trace a run with newuidmap(1) in it.</summary>
    RootTests = 32,

    /// <summary>bindfs(1), and a /dev/fuse that everybody may open.</summary>
    Bindfs = 64,

    /// <summary>podman(1) with runc(8), to be compared with.</summary>
    Podman = 128,

    /// <summary>dockerd(8) and Docker's client with runc(8), to be compared with.</summary>
    Docker = 256,

    /// <summary>rootlesskit(1), for Docker's rootless mode.</summary>
    Rootlesskit = 512,

    /// <summary>Control groups that root may make, with the controllers memory, cpu and pids.</summary>
    Cgroups = 1024,

    /// <summary>buildah(1).</summary>
    Buildah = 2048,
}
