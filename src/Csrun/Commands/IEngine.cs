using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>What the command line asks for once it is understood. Failures are <see cref="Csrun.Linux.CsrunException"/>.</summary>
internal interface IEngine : IContainerVerbs, IHostVerbs, IIdMapVerbs, IBrokerVerbs, ILabVerbs, ILearningVerbs, IOciVerbs, IResourceVerbs
{
    /// <summary>The last moment before anything is read that can be read once only: a configuration, an --env-file from a pipe.</summary>
    /// <param name="args">The command line.</param>
    void BeforeReading(ReadOnlySpan<string> args)
    {
    }

    /// <summary>Runs a container, or prints its plan (<see cref="RunRequest.Explain"/>).</summary>
    /// <returns>The exit code for csrun to end with.</returns>
    int Run(RunRequest request, GlobalOptions options);

    /// <summary>Lists the images of the store.</summary>
    /// <param name="quiet">Names alone.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int Images(bool quiet, bool json, GlobalOptions options);

    /// <summary>Makes a plain root file system of an image.</summary>
    /// <param name="image">The image's name.</param>
    /// <param name="directory">The directory to make, or an empty one.</param>
    /// <param name="options">What holds for every verb.</param>
    int ImageUnpack(string image, string directory, GlobalOptions options);

    /// <summary>Removes images from the store.</summary>
    /// <param name="images">Their names; empty with <paramref name="all"/>.</param>
    /// <param name="all">Whether the whole store is emptied.</param>
    /// <param name="options">What holds for every verb.</param>
    int ImageRemove(IReadOnlyList<string> images, bool all, GlobalOptions options);
}
