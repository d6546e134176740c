using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>What <c>run</c> writes down about its container, from its name to its end: directory, record, removal.</summary>
/// <remarks>Disposing it removes everything, unless the container stays after its end.</remarks>
internal sealed class RunBookkeeping(Caller caller, RunRequest request, Identity identity, Supervision? supervision, string id) : IDisposable
{
    // How long a command in the foreground runs before it is written down: longer than `true` takes, shorter than anybody looks.
    private const int UnseenMilliseconds = 5;

    private ContainerName? _name;
    private ContainerRecord? _record;
    private bool _stays;

    /// <summary>The container's directory, once it was needed.</summary>
    internal ContainerDirectory? Directory { get; private set; }

    /// <summary>Writes down which control group is about to be made.</summary>
    internal void Foresee(CgroupPlan cgroup) => ForeseenCgroup.Write(Ensure().Directory, cgroup);

    /// <summary>Makes the directory, and takes the name that was asked for.</summary>
    /// <param name="layered">Whether the container has a writable layer. A plain directory's container without a name needs its
    /// directory for nothing but to be seen: later, beside the command.</param>
    internal void Begin(bool layered)
    {
        if (layered || request.Name is not null || request.Detach)
        {
            _ = Ensure();
        }

        _name = request.Name is null ? null : ContainerName.Take(caller.Roots, request.Name, id);
    }

    /// <summary>Writes down that the command runs.</summary>
    /// <remarks>Only after execve: the command runs beside what is written about it. One in the foreground that has ended within a
    /// moment was there for nobody to see, and costs no record.</remarks>
    internal void Started(RunningContainer running, ImageTree? image, SeccompDecision seccomp, Spec spec, ImmutableArray<MappedVolume> volumes)
    {
        if (!request.Detach && running.EndsWithin(UnseenMilliseconds))
        {
            return;
        }

        try
        {
            ContainerDirectory directory = Ensure();
            _record = RunRecord.Make(request, identity, image, directory, seccomp, spec, volumes, running.Pid) with { Cgroup = running.Cgroup?.Record };
            SeccompChoice.Keep(directory, seccomp);
            ContainerRecordFile.Write(directory.Directory, _record);
            _stays = request.Detach && !request.Remove;
            supervision?.Started(directory, _stays);
        }
        catch
        {
            // A full disk, or a caller who has gone: nobody would know the container.
            _stays = false;
            Sys.PidfdSendSignal(running.PidFd, Signal.SIGKILL);
            Sys.WaitidPidfd(running.PidFd);
            throw;
        }
    }

    /// <summary>Writes down how it ended, where somebody can still ask.</summary>
    internal void Ended(int exitCode)
    {
        if (_stays)
        {
            ContainerRecordFile.Write(Directory!.Directory, _record! with { ExitCode = exitCode, Finished = DateTimeOffset.UtcNow });
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_stays && Directory is not null)
        {
            LayerRemoval.Remove(Directory, identity);
            _name?.Dispose();
        }

        Directory?.Dispose();
    }

    // Those that killed csrun processes left over go first.
    private ContainerDirectory Ensure()
    {
        if (Directory is null)
        {
            LayerRemoval.Sweep(caller);
            Directory = ContainerDirectory.Create(caller.Roots, id);
        }

        return Directory;
    }
}
