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
}
