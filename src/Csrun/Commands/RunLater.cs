namespace Csrun.Commands;

/// <summary>The options of <c>run</c> that come with later versions.</summary>
internal static class RunLater
{
    private const string Limits = "limits that hold for the container as a whole need control groups, which come with a later version";
    private const string Ports = "publishing ports needs a network of its own, which comes with a later version";

    internal static IReadOnlyList<LaterOption> Options =>
    [
        new("--publish", Ports, "--network host: the container's ports are the host's own"),
        new("-p", Ports, "--network host: the container's ports are the host's own"),
        new("--publish-all", Ports, "--network host: the container's ports are the host's own"),
        new("-P", Ports, "--network host: the container's ports are the host's own"),
        new("--memory", Limits, "systemd-run --user --scope -p MemoryMax=64M csrun run ..."),
        new("-m", Limits, "systemd-run --user --scope -p MemoryMax=64M csrun run ..."),
        new("--memory-swap", Limits, "systemd-run --user --scope -p MemorySwapMax=64M csrun run ..."),
        new("--cpus", Limits, "systemd-run --user --scope -p CPUQuota=50% csrun run ..."),
        new("--cpu-shares", Limits, "systemd-run --user --scope -p CPUWeight=50 csrun run ..."),
        new("-c", Limits, "systemd-run --user --scope -p CPUWeight=50 csrun run ..."),
        new("--pids-limit", Limits, "systemd-run --user --scope -p TasksMax=100 csrun run ..."),
        new("--sysctl", "kernel parameters of the container come with a later version", "leave --sysctl out"),
        new("--device", "devices of the host come with a later version", "-v /dev/NAME:/dev/NAME shows the node; the host's permissions decide who may open it"),
        new("--privileged", "--privileged comes with a later version", "--cap-add ALL --security-opt seccomp=unconfined --security-opt unmask=ALL"),
    ];
}
