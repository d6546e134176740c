using System.Collections.Immutable;
using Csrun.Linux.Processes;
using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>What <c>run</c> writes down about its container.</summary>
internal static class RunRecord
{
    /// <summary>The record of a container whose command runs.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="identity">Its maps.</param>
    /// <param name="image">Its image, or null for a directory.</param>
    /// <param name="container">Its directory.</param>
    /// <param name="seccomp">Its filter.</param>
    /// <param name="spec">The configuration it was started with.</param>
    /// <param name="volumes">Its volumes with ID maps.</param>
    /// <param name="pid">Its first process.</param>
    internal static ContainerRecord Make(RunRequest request, Identity identity, ImageTree? image, ContainerDirectory container, SeccompDecision seccomp, Spec spec, ImmutableArray<MappedVolume> volumes, int pid) => new()
    {
        Id = container.Id,
        Name = request.Name,
        Image = image?.Image.Name.ToString(),
        ImageDigest = image?.Image.Digest.ToString(),
        Created = DateTimeOffset.UtcNow,
        // A container that has ended by now is none that could be taken for another: no process started at 0.
        Process = ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, 0),
        Supervised = true,
        Detached = request.Detach,
        Init = request.Init,
        DenySetgroups = identity.Plan.DenySetgroups,
        KeepGroups = request.KeepGroups,
        Seccomp = seccomp.Source,
        Bundle = container.Path,
        Spec = spec,
        Annotations = VolumeTiers.Annotations(volumes),
    };
}
