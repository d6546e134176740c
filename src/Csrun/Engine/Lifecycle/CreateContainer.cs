using Csrun.Linux;
using Csrun.Linux.Processes;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun create</c>: everything up to the command, which <c>csrun start</c> starts (runtime-spec runtime.md).</summary>
internal static class CreateContainer
{
    /// <summary>Makes the container; on failure nothing of it is left.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="attend">What goes on with it in this process (runc's run); null: csrun ends.</param>
    internal static int Run(Caller caller, CreateRequest request, Func<RunningContainer, ContainerDirectory, int>? attend = null)
    {
        ContainerId.Check(request.Id);
        Bundle bundle = Bundle.Read(request.Bundle, caller.Options);
        Spec spec = bundle.Spec;
        Process process = spec.Process ?? throw new CsrunException($"{bundle.Path}/config.json has no $.process", "there is no command to run", "csrun spec writes a configuration to start from");
        NetDeviceRights.Check(spec);
        if (request.NoPivot && request.Explain is null)
        {
            Notes.Write("--no-pivot: the host's file system stays mounted below the container's root; a process with CAP_SYS_ADMIN in the container can get there");
        }

        BundleIdentity identity = BundleIdentity.Choose(caller, spec);
        if (SealedExecutable.IsWritableBy(identity.Maps) && !SealedExecutable.IsSealed)
        {
            SealedExecutable.Replace();
        }

        using ConsoleSocket? console = request.Explain is null ? ConsoleSocket.Connect(request.ConsoleSocket, process.Terminal, mayStay: attend is not null) : null;
        using SeccompAgent? agent = request.Explain is null ? SeccompAgent.Connect(spec) : null;
        using NamespacePaths namespaces = NamespacePaths.Open(spec);
        JoinedMaps.Check(spec);
        CgroupPlan? cgroup = CgroupChoice.Choose(caller, spec, request.Id, wished: true);
        Prelude prelude = LaunchPlanner.Prelude(spec, identity.Writer, identity.DenySetgroups, cgroup) with { Joined = namespaces.Joined };
        ContainerDirectory? directory = null;
        Launcher? launcher = null;
        bool made = false;
        try
        {
            if (request.Explain is null)
            {
                directory = LayerRemoval.Claim(caller, request.Id);
                if (cgroup is not null)
                {
                    ForeseenCgroup.Write(directory.Directory, cgroup);
                }

                // A trace shows one step after the other, and needs the whole plan for that.
                launcher = request.Trace is null ? Launcher.Begin(PreludePlanner.Plan(prelude)) : null;
            }

            using StartFifo? fifo = directory is null ? null : StartFifo.Make(directory.Directory);
            SeccompFilter? filter = SeccompChoice.OfConfiguration(caller, spec, $"{bundle.Path}/config.json");
            LaunchPlan plan = LaunchPlanner.Plan(new LaunchRequest
            {
                Spec = HomeVariable.Set(spec, bundle.Rootfs),
                Rootfs = new DirectoryRootfs(bundle.Rootfs, IdMapped: false),
                Facts = HostFactsProbe.Probe(spec),
                MapWriter = identity.Writer,
                DenySetgroups = identity.DenySetgroups,
                Interactive = true,
                KeepsKeyring = request.KeepsKeyring,
                NoPivot = request.NoPivot,
                Joined = namespaces.Joined,
                Start = new StartFifos(new OpenDescriptor("start", fifo?.Start.Number ?? -1), new OpenDescriptor("started", fifo?.Started.Number ?? -1)),
                Preserved = PreservedDescriptors.From3(request.PreserveFds),
                CopiedUp = bundle.CopiedUp,
                CoveredModes = bundle.CoveredModes,
                SeccompFilter = filter,
                Cgroup = cgroup,
            });
            if (request.Explain is { } format)
            {
                return Explanation.Write(plan, format);
            }

            launcher ??= Launcher.Begin(plan, TraceWriter.Start(plan, request.Trace!.Value, foreignFilter: filter is not null));
            launcher.SendListener = (pid, listener) => agent?.Send(pid, listener, OciState.ForHook(request.Id, bundle, pid, "creating"));
            using RunningContainer running = launcher.Finish(plan, null, child =>
            {
                CommandDiagnosis.RequireCommand(child.Pid, (ExecveOp)((ChildStep)plan.Steps[^1]).Op, process.Cwd);
                if (child.Terminal is { } master)
                {
                    console?.Send(master);
                }

                Record(request, bundle, identity, directory!, filter, child);
                made = true;
            }, (pid, status) => OciState.ForHook(request.Id, bundle, pid, status));
            fifo?.Dispose(); // start takes the last writer's end of "started" for the command's execve
            return attend is null ? 0 : attend(running, directory!);
        }
        finally
        {
            launcher?.Dispose();
            if (!made)
            {
                if (directory is not null)
                {
                    LayerRemoval.RemoveHeld(caller, directory.Path);
                }
            }

            directory?.Dispose();
        }
    }

    private static void Record(CreateRequest request, Bundle bundle, BundleIdentity identity, ContainerDirectory directory, SeccompFilter? filter, RunningContainer child)
    {
        ContainerRecordFile.Write(directory.Directory, new ContainerRecord
        {
            Id = request.Id,
            Created = DateTimeOffset.UtcNow,
            Process = ProcessIdentity.Of(child.Pid) ?? new ProcessIdentity(child.Pid, 0),
            Supervised = false,
            Detached = true,
            DenySetgroups = identity.DenySetgroups,
            Seccomp = filter is null ? SeccompSource.Unconfined : SeccompSource.Config,
            Bundle = bundle.Path,
            Spec = bundle.Spec,
            Cgroup = child.Cgroup?.Record,
        });
        directory.Keep();
        if (request.PidFile is { } file)
        {
            SavedFile.WritePid(file, child.Pid);
        }
    }
}
