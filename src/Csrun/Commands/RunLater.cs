namespace Csrun.Commands;

/// <summary>The options of <c>run</c> that come with later versions.</summary>
internal static class RunLater
{
    private const string Ports = "publishing ports needs a network of its own, which comes with a later version";

    internal static IReadOnlyList<LaterOption> Options =>
    [
        new("--publish", Ports, "--network host: the container's ports are the host's own"),
        new("-p", Ports, "--network host: the container's ports are the host's own"),
        new("--publish-all", Ports, "--network host: the container's ports are the host's own"),
        new("-P", Ports, "--network host: the container's ports are the host's own"),
        new("--sysctl", "kernel parameters of the container come with a later version", "leave --sysctl out"),
        new("--device", "devices of the host come with a later version", "-v /dev/NAME:/dev/NAME shows the node; the host's permissions decide who may open it"),
        new("--privileged", "--privileged comes with a later version", "--cap-add ALL --security-opt seccomp=unconfined --security-opt unmask=ALL"),
    ];
}
