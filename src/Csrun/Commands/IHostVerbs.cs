using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>The verbs about this host and its files, without a container.</summary>
internal interface IHostVerbs
{
    /// <summary>Runs a command in a new user namespace, or prints its plan (<see cref="UnshareRequest.Explain"/>).</summary>
    /// <returns>The exit code for csrun to end with.</returns>
    int Unshare(UnshareRequest request, GlobalOptions options);
}
