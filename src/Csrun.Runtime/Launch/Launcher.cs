using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.Tracing;

namespace Csrun.Runtime.Launch;

/// <summary>Carries out a launch plan: the one executor.</summary>
/// <remarks>In two halves, because the first steps depend on little: <see cref="Begin"/> clones and starts the writing of the ID
/// maps, and while newuidmap and newgidmap run, and the child makes its namespaces, the rest is planned; <see cref="Finish"/> adds
/// it to the program, whose memory the child shares and which it reads on only after the barrier.</remarks>
public sealed class Launcher : IDisposable
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

    private Launcher(LaunchPlan plan, LaunchTrace? trace, ControlGroup? cgroup)
    {
        _trace = trace;
        _cgroup = cgroup;
        _cgroupIsOurs = cgroup is null;
        try
        {
            foreach (Step step in plan.Steps)
            {
                if (step is CsrunStep { Op: MakeCgroupOp made })
                {
                    trace?.Before(step, 0);
                    _cgroup = ControlGroup.Make(made.Plan);
                }
                else if (step is CsrunStep { Op: JoinCgroupOp joined })
                {
                    _cgroup ??= ControlGroup.Make(joined.Plan);
                }
            }

            plan.Lower(_program, trace: trace?.Program);
            _program.SetSlot(plan.InheritedControl, _control.Child.Number);
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

        try
        {
            foreach (Step step in plan.Steps)
            {
                // Where the child has to make the user namespace first, there is nothing to write the maps of yet.
                if (step is CsrunStep { Op: AwaitChildOp })
                {
                    break;
                }

                // A trace shows one step after the other: there the maps wait for their turn.
                if (step is CsrunStep { Op: WriteIdMapsOp maps } && trace is null)
                {
                    _maps = IdMapWriter.Begin(maps, _child.Pid);
                }
                else if (step is CsrunStep { Op: JoinCgroupOp } && trace is null)
                {
                    _cgroup!.Join(_child.Pid);
                    _joined = true;
                }
            }
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

        _handedOver = true;
        return new RunningContainer(_child.Pid, _child.PidFd, _terminal) { Cgroup = _cgroupIsOurs ? _cgroup : null };
    }

    private void Perform(Step step, LaunchPlan plan, Func<SafeFd, IDisposable>? forwardSignals)
    {
        if (step is ChildStep child)
        {
            if (_trace is not null)
            {
                Follow(child, plan, _trace);
            }

            return;
        }

        CsrunStep own = (CsrunStep)step;
        if (own.Op is not (CloneOp or MakeCgroupOp))
        {
            _trace?.Before(own, _child.Pid); // the clone, which is done, was asked about and began before
            _trace?.Begin();
        }

        switch (own.Op)
        {
            case WriteIdMapsOp maps:
                (_maps ?? IdMapWriter.Begin(maps, _child.Pid)).Finish();
                _maps = null;
                break;
            case JoinCgroupOp when !_joined:
                _cgroup!.Join(_child.Pid);
                _joined = true;
                break;
            case AwaitChildOp:
                AwaitChild(plan, own);
                break;
            case AdoptSiblingOp:
                Adopt(plan);
                break;
            case RunHooksOp hooks:
                foreach ((string path, Oci.Hook hook) in hooks.Hooks)
                {
                    HookRun.Run(path, hook, _state!(_child.Pid, "creating"));
                }

                break;
            case ForwardSignalsOp:
                _forwarding = forwardSignals?.Invoke(_child.PidFd);
                break;
            case PassBarrierOp barrier:
                PassBarrier(barrier);
                break;
            default:
                break;
        }

        _trace?.Done(own, _child.Pid, _program);
    }

    /// <summary>Waits until the child has done a step, reports it, and lets the child go on.</summary>
    private void Follow(ChildStep step, LaunchPlan plan, LaunchTrace trace)
    {
        if (!trace.Program.Watches(step.Number))
        {
            trace.Skip(step);
            return;
        }

        bool alive;
        do
        {
            alive = Receive(plan, out SafeFd? fd, out ControlMessage kind);
            _terminal = fd ?? _terminal;
            _reached |= kind == ControlMessage.Reached;
            if (kind is not (ControlMessage.Terminal or ControlMessage.Reached))
            {
                break;
            }
        }
        while (alive);

        if (alive)
        {
            trace.Done(step, _program, _child.Pid);
            _held = true;
        }
    }

    /// <summary>Lets a child that stopped go on, when its next step comes next. That is asked about before, but for the child's half of a
    /// barrier: csrun's half was, and the child has to be in it when csrun's message comes, which it would take for leave to go on.</summary>
    private void LetGo(Step done, LaunchPlan plan)
    {
        if (!_held)
        {
            return;
        }

        int next = done.Number;
        while (next < plan.Steps.Length && plan.Steps[next] is CsrunStep)
        {
            next++;
        }

        if (next < plan.Steps.Length && plan.Steps[next] is ChildStep { Op: not AwaitBarrierOp } step)
        {
            if (step.Number != done.Number + 1)
            {
                return;
            }

            _trace?.Before(step, _child.Pid);
        }

        _held = false;
        _ = _control.Send((byte)ControlMessage.Barrier, []);
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
            throw CloneFailure.Explain(e, plan.Namespaces);
        }
    }

    private void PassBarrier(PassBarrierOp barrier)
    {
        List<SafeFd> mounts = [];
        try
        {
            Span<int> numbers = stackalloc int[barrier.Descriptors.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                if (barrier.Descriptors[i] is BindfsVolume volume)
                {
                    _served.Add(BindfsServer.Start(volume, _child.Pid));
                    numbers[i] = _served[^1].Mount.Number;
                }
                else if (barrier.Descriptors[i] is NestedUserNamespace nested)
                {
                    mounts.Add(NestedNamespaces.Make(nested, _child.Pid));
                    numbers[i] = mounts[^1].Number;
                }
                else if (barrier.Descriptors[i] is HookState hookState)
                {
                    mounts.Add(HookRun.StateFile(_state!(ProcessIdentity.InnermostPid(_child.Pid), hookState.Status)));
                    numbers[i] = mounts[^1].Number;
                }
                else if (barrier.Descriptors[i] is IdMappedMount mount)
                {
                    mounts.Add(IdMappedMounts.Make(mount, _child.Pid));
                    numbers[i] = mounts[^1].Number;
                }
                else
                {
                    numbers[i] = ((OpenDescriptor)barrier.Descriptors[i]).Number;
                }
            }

            // EPIPE: the child has failed already; its report says more.
            _ = _control.Send((byte)ControlMessage.Barrier, numbers);
        }
        finally
        {
            mounts.ForEach(m => m.Dispose());
        }
    }

    /// <summary>Takes the process that goes on in the child's place, and reaps the child.</summary>
    private void Adopt(LaunchPlan plan)
    {
        ControlMessage kind;
        SysResult received;
        SafeFd? fd;
        // The new process does not wait for the one that made it: its terminal may come first.
        while ((received = _control.Receive(out kind, out fd)).Ok && kind == ControlMessage.Terminal)
        {
            _terminal = fd;
        }

        if (kind == ControlMessage.Process && fd is not null)
        {
            Sys.WaitidPidfd(_child.PidFd);
            _child.PidFd.Dispose();
            _child = new ClonedChild(ProcessIdentity.PidOf(fd), fd);
            return;
        }

        _terminal?.Dispose();
        using (fd)
        {
            throw _program.Failure is { } failure
                ? FailureReport.Explain(plan, _program, failure, fd)
                : new CsrunException("the process was not made", received.Ok ? "csrun's child was killed while it joined the container" : $"recvmsg: {received.Errno}", "try again");
        }
    }

    /// <summary>Waits until the child has got to a point; takes the terminal that may come before it.</summary>
    private void AwaitChild(LaunchPlan plan, CsrunStep step)
    {
        while (!_reached)
        {
            if (!Receive(plan, out SafeFd? fd, out ControlMessage kind))
            {
                throw new CsrunException($"step {step.Number} ({step.Op.Describe()})", "the container's first process was killed before it got there; when memory ran out, dmesg | tail tells", "try again");
            }

            _terminal = fd ?? _terminal;
            _reached = kind == ControlMessage.Reached;
        }

        _reached = false;
    }

    /// <summary>Waits for the end of file that execve's success causes; takes the terminal that may come before it.</summary>
    private void AwaitCommand(LaunchPlan plan)
    {
        while (Receive(plan, out SafeFd? fd, out _))
        {
            _terminal = fd ?? _terminal;
        }

        _trace?.End(_program);
    }

    /// <summary>Takes one message of the child.</summary>
    /// <returns>Whether there was one: at the end of file the command runs, or the child was killed.</returns>
    /// <exception cref="CsrunException">A step failed.</exception>
    private bool Receive(LaunchPlan plan, out SafeFd? fd, out ControlMessage kind)
    {
        SysResult received = _control.Receive(out kind, out fd);
        bool any = received.Ok && received.Value != 0;
        // A failure may stand in the shared memory while a message from before it is still to be read.
        if ((!any || kind == ControlMessage.Failure) && _program.Failure is { } failure)
        {
            _terminal?.Dispose();
            using (fd)
            {
                throw FailureReport.Explain(plan, _program, failure, fd);
            }
        }

        return any;
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
            Sys.PidfdSendSignal(_child.PidFd, Signal.SIGKILL);
            _maps?.Abandon();
            Sys.WaitidPidfd(_child.PidFd);
            _child.PidFd.Dispose();
            RemoveCgroup();
        }

        _served.ForEach(s => s.Dispose());
        _served.Clear();
        _control.Dispose();
        _program.Dispose();
    }
}
