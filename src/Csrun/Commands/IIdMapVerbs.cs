using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>What the verbs <c>csrun idmap ...</c> ask for. Failures are <see cref="Csrun.Linux.CsrunException"/>.</summary>
internal interface IIdMapVerbs
{
    /// <summary>Mounts a directory or file once more, with other owners.</summary>
    int IdMapMount(IdMapMountRequest request, GlobalOptions options);

    /// <summary>Ends such a mount.</summary>
    /// <param name="target">Where it is mounted.</param>
    /// <param name="recursive">Whether what is mounted below goes, too.</param>
    /// <param name="lazy">Whether it goes although processes use it.</param>
    /// <param name="options">What holds for every verb.</param>
    int IdMapUnmount(string target, bool recursive, bool lazy, GlobalOptions options);

    /// <summary>Shows a process's user namespace and the ID-mapped mounts that it sees.</summary>
    /// <param name="subject">The process; null for the caller.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int IdMapShow(string? subject, bool json, GlobalOptions options);

    /// <summary>Follows IDs, or the owners of files, from disk to container and back.</summary>
    int IdMapTranslate(IdTranslateRequest request, GlobalOptions options);

    /// <summary>Says to whom files belong.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int IdMapWhose(IReadOnlyList<string> paths, bool json, GlobalOptions options);

    /// <summary>Tries which file systems can be ID-mapped.</summary>
    /// <param name="paths">Paths on them; none: every mounted one.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int IdMapProbe(IReadOnlyList<string> paths, bool json, GlobalOptions options);

    /// <summary>Makes an OCI configuration of an LXC one.</summary>
    /// <param name="file">LXC's file.</param>
    /// <param name="output">The file to write; null for standard output.</param>
    /// <param name="options">What holds for every verb.</param>
    int IdMapImportLxc(string file, string? output, GlobalOptions options);
}
