using Csrun.Oci;

namespace Csrun.Commands;

/// <summary>What the verbs ask that work on containers' control groups.</summary>
internal interface IResourceVerbs
{
    /// <summary>Stops all processes of containers.</summary>
    /// <param name="containers">Their names, IDs, or beginnings of IDs.</param>
    /// <param name="options">What holds for every verb.</param>
    int Pause(IReadOnlyList<string> containers, GlobalOptions options);

    /// <summary>Lets them go on.</summary>
    int Resume(IReadOnlyList<string> containers, GlobalOptions options);

    /// <summary>Changes a container's limits.</summary>
    /// <param name="container">Its name, ID, or the beginning of its ID.</param>
    /// <param name="resources">What is changed.</param>
    /// <param name="options">What holds for every verb.</param>
    int Update(string container, Resources resources, GlobalOptions options);

    /// <summary>Prints what a container uses, as runc's events do: JSON, a line each.</summary>
    /// <param name="container">Its name, ID, or the beginning of its ID.</param>
    /// <param name="once">Once, and then no more.</param>
    /// <param name="interval">How long between two.</param>
    /// <param name="options">What holds for every verb.</param>
    int Events(string container, bool once, TimeSpan interval, GlobalOptions options);

    /// <summary>Prints what containers use, for people.</summary>
    /// <param name="containers">Their names, IDs, or beginnings of IDs; empty for all that run.</param>
    /// <param name="once">Once, and then no more.</param>
    /// <param name="interval">How long between two.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int Stats(IReadOnlyList<string> containers, bool once, TimeSpan interval, bool json, GlobalOptions options);

    /// <summary>Lists the processes of a container, with their IDs inside and on the host.</summary>
    /// <param name="container">Its name, ID, or the beginning of its ID.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int Top(string container, bool json, GlobalOptions options);

    /// <summary>Lists the processes of a container as runc does: the host's ps(1), or numbers as JSON.</summary>
    /// <param name="container">Its name, ID, or the beginning of its ID.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="psOptions">For ps(1); empty: -ef.</param>
    /// <param name="options">What holds for every verb.</param>
    int Processes(string container, bool json, IReadOnlyList<string> psOptions, GlobalOptions options);
}
