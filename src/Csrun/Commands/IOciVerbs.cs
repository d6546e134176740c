using Csrun.Linux.Abi;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>What the verbs ask that engines call (runtime-spec runtime.md, "Operations"; runc's command line).</summary>
internal interface IOciVerbs
{
    /// <summary>Makes a container whose command waits for <see cref="Start"/>, or prints the plan.</summary>
    int Create(CreateRequest request, GlobalOptions options);

    /// <summary>runc's run: create, start and, in the foreground, wait and delete.</summary>
    /// <param name="request">The container.</param>
    /// <param name="detach">Whether csrun ends once the command runs.</param>
    /// <param name="keep">Whether the container stays after its end.</param>
    /// <param name="options">What holds for every verb.</param>
    int RunBundle(CreateRequest request, bool detach, bool keep, GlobalOptions options);

    /// <summary>Starts the command of a container that was created.</summary>
    int Start(IReadOnlyList<string> containers, GlobalOptions options);

    /// <summary>Prints a container's state.</summary>
    int State(string container, GlobalOptions options);

    /// <summary>Removes a container that has ended or was never started.</summary>
    /// <param name="container">Its ID.</param>
    /// <param name="force">Whether one that runs is killed, and one that is not there is no failure.</param>
    /// <param name="options">What holds for every verb.</param>
    int Delete(string container, bool force, GlobalOptions options);

    /// <summary>Lists containers as runc does.</summary>
    int List(bool quiet, bool json, GlobalOptions options);

    /// <summary>Writes a configuration to start from.</summary>
    /// <param name="bundle">The directory that it is written in.</param>
    /// <param name="rootless">Whether an ordinary user is to run it.</param>
    /// <param name="options">What holds for every verb.</param>
    int Spec(string bundle, bool rootless, GlobalOptions options);

    /// <summary>Prints what csrun can do.</summary>
    int Features(GlobalOptions options);

    /// <summary>Sends a signal to one container, as engines do: silently.</summary>
    /// <param name="container">Its ID.</param>
    /// <param name="signal">The signal.</param>
    /// <param name="all">Whether to every process in it.</param>
    /// <param name="options">What holds for every verb.</param>
    int Signal(string container, Signal signal, bool all, GlobalOptions options);
}
