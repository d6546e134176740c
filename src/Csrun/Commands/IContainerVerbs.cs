using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>What the verbs ask that work on containers which are there already.</summary>
internal interface IContainerVerbs
{
    /// <summary>Goes on in a process of its own, in the background, which reads the same command line again.</summary>
    /// <returns>The exit code for csrun to end with; null when this is that process.</returns>
    int? Detach() => null;

    /// <summary>Lists containers.</summary>
    /// <param name="all">Those that have ended, too.</param>
    /// <param name="quiet">IDs alone.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int Ps(bool all, bool quiet, bool json, GlobalOptions options);

    /// <summary>Removes containers.</summary>
    /// <param name="containers">Their names, IDs, or beginnings of IDs.</param>
    /// <param name="force">Whether those that run are killed first.</param>
    /// <param name="options">What holds for every verb.</param>
    int Remove(IReadOnlyList<string> containers, bool force, GlobalOptions options);

    /// <summary>Runs a further command in a container, or prints its plan (<see cref="ExecRequest.Explain"/>).</summary>
    /// <returns>The exit code for csrun to end with.</returns>
    int Exec(ExecRequest request, GlobalOptions options);

    /// <summary>Asks containers to end, and kills those that have not after a while.</summary>
    /// <param name="containers">Their names, IDs, or beginnings of IDs.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="signal">What to ask with.</param>
    /// <param name="options">What holds for every verb.</param>
    int Stop(IReadOnlyList<string> containers, TimeSpan patience, Signal signal, GlobalOptions options);

    /// <summary>Sends a signal to containers' first processes.</summary>
    int Kill(IReadOnlyList<string> containers, Signal signal, GlobalOptions options);

    /// <summary>Waits for the end of containers and prints their exit codes.</summary>
    int Wait(IReadOnlyList<string> containers, GlobalOptions options);

    /// <summary>Prints what a container in the background has written.</summary>
    /// <param name="container">Its name, ID, or the beginning of its ID.</param>
    /// <param name="follow">Until it ends.</param>
    /// <param name="options">What holds for every verb.</param>
    int Logs(string container, bool follow, GlobalOptions options);

    /// <summary>Prints all that is known of containers.</summary>
    int Inspect(IReadOnlyList<string> containers, GlobalOptions options);
}
