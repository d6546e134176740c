using Csrun.Linux;

namespace Csrun.Commands;

/// <summary>The verbs of the contract that come with later versions: named, never "unknown".</summary>
internal static class LaterVerbs
{
    /// <summary>The refusal for a verb that comes later, or null when the contract has no such verb.</summary>
    internal static CsrunException? Find(string name)
    {
        (string Why, string Fix)? answer = name switch
        {
            "exec" or "attach" => ("a second process in a running container comes with a later version", "sudo nsenter -t PID -a, with the process ID of the container's command"),
            "ps" or "logs" or "top" or "stats" or "inspect" or "port" or "wait" or "rename" or "cp" =>
                ("so far a container lives as long as its csrun run and leaves nothing to look at", "csrun run prints the container's output itself"),
            "stop" or "kill" or "rm" or "pause" or "unpause" =>
                ("so far a container lives as long as its csrun run", "Ctrl-C, or kill the csrun run process: the container ends with it"),
            "pull" or "push" or "image import" or "image save" or "image load" or "image inspect" or "image tag" or "image prune" =>
                ("so far an image is a root file system tarball in CSRUN_IMAGE_PATH, or one that csrun knows where to fetch", "csrun images"),
            "create" or "start" or "state" or "delete" or "list" or "resume" or "update" or "events" or "spec" or "features" =>
                ("the verbs that engines call come with a later version", "csrun run --config FILE runs an OCI config.json"),
            "doctor" => ("the check of the whole machine comes with a later version", "csrun run alpine id: what is missing is named when it fails"),
            "lab" => ("the labs come with a later version", "csrun run --explain alpine id"),
            _ => null,
        };
        return answer is { } found ? new CsrunException($"{name} is not in this version yet", found.Why, found.Fix) : null;
    }

    /// <summary>The names, so that a slip of the fingers finds them too.</summary>
    internal static IReadOnlyList<string> Names =>
    [
        "exec", "ps", "logs", "attach", "stop", "kill", "wait", "rm", "inspect", "top", "stats", "cp", "rename", "pause", "unpause", "port",
        "pull", "push", "create", "start", "state", "delete", "list", "resume", "update", "events", "spec", "features",
        "doctor", "lab",
    ];
}
