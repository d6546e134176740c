using System.Globalization;
using Csrun.Engine.Lifecycle;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Processes;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;
using Csrun.Runtime.Attend;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;
using Csrun.Runtime.Tracing;

namespace Csrun.Engine;

/// <summary><c>csrun exec</c>: from the request to the command's exit code.</summary>
internal static class ExecContainer
{
    internal static int Run(Caller caller, ExecRequest request)
    {
        using Container container = NamedContainer.Open(caller, request.Container, "csrun run -d alpine sleep 100");
        ContainerRecord record = Running(caller, container);
        if (SealedExecutable.IsWritableBy(Maps(record.Spec)) && !SealedExecutable.IsSealed)
        {
            SealedExecutable.Replace();
        }

        using SafeFd joined = Command(container, record);
        using ControlGroup? cgroup = record.Cgroup is null ? null : ControlGroup.OpenToJoin(record.Cgroup, ProcessIdentity.PidOf(joined));
        using SafeFd? root = EnteredNamespaces.Root(record.Spec, joined);
        Spec own = EnteredNamespaces.Of(record.Spec, joined);
        Spec spec = request.ProcessFile is { } file
            ? ExecSpec.WithProcess(own, ProcessFile.Read(file))
            : ExecSpec.Build(own, request, User(record, joined, request), caller.SpecFacts().Term);
        ConfigFeatures.CheckProcess(request.ProcessFile is { } named ? $"--process \"{named}\"" : $"container {container.DisplayName}", spec.Process!);
        spec = HomeVariable.Set(spec, $"/proc/{ProcessIdentity.PidOf(joined)}/root");
        using ConsoleSocket? console = request.Explain is null ? ConsoleSocket.Connect(request.ConsoleSocket, spec.Process!.Terminal, mayStay: !request.Detach) : null;
        using SeccompAgent? agent = request.Explain is null ? SeccompAgent.Connect(record.Spec, record.Seccomp == SeccompSource.Config) : null;
        LaunchPlan plan = JoinPlanner.Plan(
            new LaunchRequest
            {
                Spec = spec,
                Rootfs = new DirectoryRootfs("/", IdMapped: false),
                Facts = HostFactsProbe.Probe(new Spec { Process = spec.Process }),
                DenySetgroups = record.DenySetgroups,
                KeepGroups = record.KeepGroups && request.User is null,
                Interactive = request.Interactive,
                InheritsStreams = request.ByEngine,
                OutlivesCsrun = request.Detach,
                Cgroup = cgroup?.Plan,
                Preserved = PreservedDescriptors.From3(request.PreserveFds),
                SeccompFilter = SeccompChoice.OfContainer(caller, container, record),
            },
            new OpenDescriptor("the container's process", joined.Number) { Pid = ProcessIdentity.PidOf(joined) },
            root is null ? null : new OpenDescriptor("the container's root", root.Number));
        if (request.Explain is { } format)
        {
            return Explanation.Write(plan, format);
        }

        LaunchTrace? trace = request.Trace is { } form ? TraceWriter.Start(plan, form, record.Seccomp is SeccompSource.Profile or SeccompSource.Config) : null;
        using Launcher launcher = Launcher.Begin(plan, trace, cgroup);
        launcher.SendListener = (pid, listener) => agent?.Send(pid, listener, OciState.Of(container));
        using RunningContainer running = launcher.Finish(plan, request.Detach ? null : Attendant.ForwardSignals);
        try
        {
            if (running.Terminal is { } master)
            {
                console?.Send(master);
            }

            if (request.PidFile is { } pidFile)
            {
                SavedFile.WritePid(pidFile, running.Pid);
            }
        }
        catch
        {
            // An engine that is told of a failure takes it that there is no process.
            Sys.PidfdSendSignal(running.PidFd, Signal.SIGKILL);
            Sys.WaitidPidfd(running.PidFd);
            throw;
        }

        return request.Detach ? 0 : Attendant.Attend(console is null ? running : running with { Terminal = null }, request.Interactive || request.ByEngine);
    }

    private static ContainerRecord Running(Caller caller, Container container) => container.Status switch
    {
        // Until it has become the command, its process is csrun, whose memory is closed to others (PR_SET_DUMPABLE), and so are its namespaces.
        ContainerStatus.Created when !caller.IsPrivileged => throw new CsrunException(
            $"container {container.DisplayName} has not been started", "until then only root may join it: its process is still csrun's own", $"csrun start {container.DisplayName}"),
        ContainerStatus.Running or ContainerStatus.Created => container.Record!,
        ContainerStatus.Paused => throw new CsrunException($"container {container.DisplayName} is paused", "a further process would be frozen before it began", $"csrun unpause {container.DisplayName}"),
        ContainerStatus.Creating => throw new CsrunException($"container {container.DisplayName} does not run yet", "its command has not been started", "try again when csrun ps says running"),
        _ => throw new CsrunException(
            $"container {container.DisplayName} does not run",
            container.Record?.ExitCode is { } code ? $"it has ended with exit code {code}" : "it has ended",
            "csrun run -d starts a new one"),
    };

    /// <summary>The process to join. Where csrun's init is PID 1, its child: init has never become a program of the container, so its
    /// namespaces can be joined by the host's root only (ptrace(2), "Ptrace access mode checking").</summary>
    private static SafeFd Command(Container container, ContainerRecord record)
    {
        int pid = record.Process.Pid;
        if (!record.Init)
        {
            return record.Process.Open() ?? throw Ended(container);
        }

        string children = SmallFile.Read($"/proc/{pid}/task/{pid}/children") ?? "";
        foreach (string word in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int child = int.Parse(word, CultureInfo.InvariantCulture);
            if (ProcessIdentity.Of(child) is { } identity && IsSecond(child) && identity.Open() is { } pidfd)
            {
                return pidfd;
            }
        }

        throw Ended(container);
    }

    // What is left behind by others becomes init's child as well; the command was the first it made.
    private static bool IsSecond(int pid)
    {
        foreach (string line in (SmallFile.Read($"/proc/{pid}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("NSpid:", StringComparison.Ordinal))
            {
                return line.EndsWith("\t2", StringComparison.Ordinal);
            }
        }

        return false;
    }

    private static ResolvedUser? User(ContainerRecord record, SafeFd joined, ExecRequest request)
    {
        if (request.User is not { } wanted)
        {
            return null;
        }

        // As the container sees its files now; the descriptor says afterwards whose they were.
        ResolvedUser user = AccountFiles.Resolve($"/proc/{ProcessIdentity.PidOf(joined)}/root", UserSpec.Parse(wanted), []);
        if (record.DenySetgroups)
        {
            user = user with { AdditionalGids = [] };
        }

        ExecSpec.Require(record.Spec, user);
        return ProcessIdentity.PidOf(joined) > 0 ? user : throw new CsrunException("the container has ended", "it ended while its users were read", "csrun ps -a");
    }

    private static IdMapPair? Maps(Spec spec)
    {
        if (spec.Linux is not { } linux || !linux.Namespaces.Any(n => n.Type == "user"))
        {
            return null;
        }

        return new IdMapPair(Map(linux.UidMappings), Map(linux.GidMappings));
    }

    private static IdMap Map(IReadOnlyList<LinuxIdMapping> mappings) => new([.. mappings.Select(m => new IdMapping(m.ContainerID, m.HostID, m.Size))]);

    private static CsrunException Ended(Container container) => new($"container {container.DisplayName} does not run", "it has just ended", "csrun ps -a");
}
