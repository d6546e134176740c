using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>The verbs about this host and its files, without a container.</summary>
internal interface IHostVerbs
{
    /// <summary>Runs a command in a new user namespace, or prints its plan (<see cref="UnshareRequest.Explain"/>).</summary>
    /// <returns>The exit code for csrun to end with.</returns>
    int Unshare(UnshareRequest request, GlobalOptions options);

    /// <summary>Removes trees whose files belong to the caller's subordinate IDs.</summary>
    /// <param name="paths">The trees.</param>
    /// <param name="options">What holds for every verb.</param>
    int RemoveTrees(IReadOnlyList<string> paths, GlobalOptions options);

    /// <summary>Gives trees whose files belong to the caller's subordinate IDs back to the caller.</summary>
    /// <param name="paths">The trees.</param>
    /// <param name="crossMounts">Whether what is mounted in a tree belongs to it.</param>
    /// <param name="options">What holds for every verb.</param>
    int ChownBack(IReadOnlyList<string> paths, bool crossMounts, GlobalOptions options);

    /// <summary>Checks what this host lets csrun do.</summary>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    /// <returns>0 when csrun run will work, else 1.</returns>
    int Doctor(bool json, GlobalOptions options);
}
