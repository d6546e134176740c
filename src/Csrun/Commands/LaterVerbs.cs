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
            "attach" => ("connecting to the streams of a container in the background comes with a later version", "csrun logs -f CONTAINER, or csrun exec -it CONTAINER sh"),
            "port" or "rename" or "cp" => ("it comes with a later version", "csrun exec CONTAINER ps, or any other program of the container"),
            "pull" or "push" or "image import" or "image save" or "image load" or "image inspect" or "image tag" or "image prune" =>
                ("so far an image is a root file system tarball in CSRUN_IMAGE_PATH, or one that csrun knows where to fetch", "csrun images"),
            _ => null,
        };
        return answer is { } found ? new CsrunException($"{name} is not in this version yet", found.Why, found.Fix) : null;
    }

    /// <summary>The names, so that a slip of the fingers finds them too.</summary>
    internal static IReadOnlyList<string> Names =>
    [
        "attach", "cp", "rename", "port",
        "pull", "push",
    ];
}
