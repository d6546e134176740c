using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Tracing;

namespace Csrun.Runtime.Launch;

/// <summary>Carries out a launch plan: the one executor.</summary>
/// <remarks>In two halves, because the first steps depend on little: <see cref="Begin"/> clones and starts the writing of the ID
/// maps, and while newuidmap and newgidmap run, and the child makes its namespaces, the rest is planned; <see cref="Finish"/> adds
/// it to the program, whose memory the child shares and which it reads on only after the barrier.</remarks>
public sealed partial class Launcher : IDisposable
{
    private readonly RawProgram _program = new();
    private readonly ControlSocket _control = new();
    private ClonedChild _child;
    private readonly int _begun;
    private PendingIdMaps? _maps;
    private readonly LaunchTrace? _trace;
    private IDisposable? _forwarding;
    private SafeFd? _terminal;
    private ControlGroup? _cgroup;
    private readonly bool _cgroupIsOurs;
    private bool _joined;
    private bool _handedOver;
    // Whether the child waits until it may do its next step.
    private bool _held;
    private bool _reached;
    private Func<int, string, string>? _state;
    private readonly List<BindfsServer> _served = [];
    private MovedDevices? _devices;

    /// <summary>Sends the listener of a filter to its agent: from the process ID and the listener; set before <see cref="Finish"/> where the plan has such a filter.</summary>
    public Action<int, SafeFd>? SendListener { get; set; }

    private Launcher(LaunchPlan plan, LaunchTrace? trace, ControlGroup? cgroup)
    {
        _trace = trace;
        _cgroup = cgroup;
        _cgroupIsOurs = cgroup is null;
        List<SafeFd> inherited = [];
        try
        {
            PrepareClone(plan);
            plan.Lower(_program, trace: trace?.Program);
            _program.SetSlot(plan.InheritedControl, _control.Child.Number);
            OpenTasks(plan, inherited);
            trace?.Before(plan.Steps.First(s => s is CsrunStep { Op: CloneOp }), 0);
            trace?.Begin();
            _child = Clone(plan);
            _held = trace is { Asks: true };
            _begun = plan.Steps.Length;
        }
        catch
        {
            RemoveCgroup();
            _control.Dispose();
            _program.Dispose();
            throw;
        }
        finally
        {
            inherited.ForEach(fd => fd.Dispose());
        }

        try
        {
            // A trace shows one step after the other: there these wait for their turn.
            if (trace is null)
            {
                BeginSideWork(plan);
            }
        }
        catch (CsrunException) when (MemoryLimit.Killed(_cgroup, _child.Pid, _child.PidFd) is { } cause)
        {
            Dispose();
            throw cause;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Clones and starts the writing of the ID maps.</summary>
    /// <param name="prelude">The plan's first steps, or the whole plan.</param>
    /// <param name="trace">Follows the launch; needs the whole plan here.</param>
    /// <param name="cgroup">The control group of a container that runs, which the plan joins; it is not removed.</param>
    /// <exception cref="CsrunException">A step failed; nothing is left.</exception>
    public static Launcher Begin(LaunchPlan prelude, LaunchTrace? trace = null, ControlGroup? cgroup = null) => new(prelude, trace, cgroup);

    /// <summary>Carries out a whole plan at once; returns when its command runs.</summary>
    /// <exception cref="CsrunException">A step failed; nothing is left.</exception>
    public static RunningContainer Start(LaunchPlan plan)
    {
        using Launcher launcher = Begin(plan);
        return launcher.Finish(plan);
    }

    /// <summary>Carries out the rest; returns when the command runs.</summary>
    /// <param name="plan">The whole plan, which starts with the prelude.</param>
    /// <exception cref="CsrunException">A step failed; nothing is left once this launcher is disposed.</exception>
    /// <param name="forwardSignals">Starts handing signals over to a process; what it returns is disposed with this launcher.</param>
    /// <param name="state">The container's state as hooks get it: from the process ID and the status; null where there are no hooks.</param>
    /// <param name="writeRecord">Writes a container down whose command waits for <c>csrun start</c> (<see cref="WriteRecordOp"/>).</param>
    public RunningContainer Finish(LaunchPlan plan, Func<SafeFd, IDisposable>? forwardSignals = null, Action<RunningContainer>? writeRecord = null, Func<int, string, string>? state = null)
    {
        _state = state;
        try
        {
            Carry(plan, forwardSignals, writeRecord);
        }
        catch (CsrunException) when (MemoryLimit.Killed(_cgroup, _child.Pid, _child.PidFd) is { } cause)
        {
            throw cause;
        }

        _handedOver = true;
        return new RunningContainer(_child.Pid, _child.PidFd, _terminal) { Cgroup = _cgroupIsOurs ? _cgroup : null };
    }

    private void Carry(LaunchPlan plan, Func<SafeFd, IDisposable>? forwardSignals, Action<RunningContainer>? writeRecord)
    {
        plan.Lower(_program, _begun);
        foreach (Step step in plan.Steps)
        {
            if (step is CsrunStep { Op: WriteRecordOp })
            {
                writeRecord?.Invoke(new RunningContainer(_child.Pid, _child.PidFd, _terminal) { Cgroup = _cgroup });
            }

            Perform(step, plan, forwardSignals);
            LetGo(step, plan);
        }

        if (!plan.WaitsForStart)
        {
            AwaitCommand(plan);
        }
    }

    private void PrepareClone(LaunchPlan plan)
    {
        foreach (Step step in plan.Steps)
        {
            if (step is CsrunStep { Op: OwnAffinityOp affinity })
            {
                _trace?.Before(step, 0);
                Hint none = CpuAffinityOp.NoneOfThem(affinity.Cpus);
                Sys.SchedSetaffinity(Oci.IdList.Mask(affinity.Cpus)).OrThrow("sched_setaffinity", affinity.Cpus, none.Why, none.Fix);
            }
            else if (step is CsrunStep { Op: MakeCgroupOp made })
            {
                _trace?.Before(step, 0);
                _cgroup = ControlGroup.Make(made.Plan);
            }
            else if (step is CsrunStep { Op: JoinCgroupOp joined })
            {
                _cgroup ??= ControlGroup.Make(joined.Plan);
            }
        }
    }

    /// <summary>Opens what the child joins its control groups with; it inherits the descriptors.</summary>
    private void OpenTasks(LaunchPlan plan, List<SafeFd> inherited)
    {
        foreach (Step step in plan.Steps)
        {
            if (step is ChildStep { Op: JoinTasksOp op } && _cgroup?.OpenTasks(op.Group) is { } tasks)
            {
                inherited.Add(tasks);
                _program.SetSlot(op.Tasks, tasks.Number);
            }
        }
    }

    /// <summary>Begins what can go on while the child makes its namespaces and the rest is planned.</summary>
    private void BeginSideWork(LaunchPlan plan)
    {
        foreach (Step step in plan.Steps)
        {
            switch (step)
            {
                case CsrunStep { Op: AwaitChildOp }:
                    return; // the child has to make the user namespace first: there is nothing to write the maps of yet
                case CsrunStep { Op: WriteIdMapsOp maps }:
                    _maps = IdMapWriter.Begin(maps, _child.Pid);
                    break;
                case CsrunStep { Op: JoinCgroupOp }:
                    _cgroup!.Join(_child.Pid);
                    _joined = true;
                    break;
                default:
                    break;
            }
        }
    }

    private ClonedChild Clone(LaunchPlan plan)
    {
        if (!QuiescenceGate.IsQuiet)
        {
            // A new program begins with one thread. What exists of this container is without its lock then, and removed as left over.
            if (!SealedExecutable.IsSealed)
            {
                SealedExecutable.Replace();
            }

            throw new CsrunException("this process has too many threads to start a container", "a garbage collection begun by another thread would hold the container's first process for ever", "this is a defect of csrun; please report it");
        }

        try
        {
            return ClonedChild.Start(_program, _control, plan.KeepsDescriptors ? _control.Child.Number : Plan.Planning.PlanContext.ControlFd, plan.Namespaces, _cgroup?.Into);
        }
        catch (KernelException e)
        {
            throw MemoryLimit.OrLimit(_cgroup, e.Errno, CloneFailure.Explain(e, plan.Namespaces));
        }
    }

    private void RemoveCgroup()
    {
        if (_cgroupIsOurs)
        {
            _cgroup?.Remove();
            _cgroup?.Dispose();
        }
    }

    /// <summary>Ends a child that was not handed over, and gives everything back.</summary>
    public void Dispose()
    {
        _forwarding?.Dispose();
        if (!_handedOver)
        {
            _handedOver = true;
            _devices?.Return(); // while their namespace has a process
            Sys.PidfdSendSignal(_child.PidFd, Signal.SIGKILL);
            _maps?.Abandon();
            Sys.WaitidPidfd(_child.PidFd);
            _child.PidFd.Dispose();
            RemoveCgroup();
        }

        _devices?.Dispose();
        _served.ForEach(s => s.Dispose());
        _served.Clear();
        _control.Dispose();
        _program.Dispose();
    }
}
