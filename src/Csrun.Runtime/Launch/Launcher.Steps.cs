using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <content>csrun's own steps, one by one.</content>
public sealed partial class Launcher
{
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
        if (own.Op is not (CloneOp or MakeCgroupOp or OwnAffinityOp))
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
            case SendListenerOp:
                HandOverListener(plan, own);
                break;
            case MoveNetDevicesOp devices:
                _devices = MovedDevices.Move(devices, _child.Pid);
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

    /// <summary>Makes what csrun's half of a barrier hands over, and sends it; the child reads on when it comes.</summary>
    private void PassBarrier(PassBarrierOp barrier)
    {
        List<SafeFd> made = [];
        try
        {
            Span<int> numbers = stackalloc int[barrier.Descriptors.Length];
            for (int i = 0; i < numbers.Length; i++)
            {
                numbers[i] = Number(barrier.Descriptors[i], made);
            }

            // EPIPE: the child has failed already; its report says more.
            _ = _control.Send((byte)ControlMessage.Barrier, numbers);
        }
        finally
        {
            made.ForEach(m => m.Dispose());
        }
    }

    /// <summary>The number of a descriptor to send, which is made first where it has to be.</summary>
    /// <param name="sent">What is sent.</param>
    /// <param name="made">Takes what was made for this barrier only, and is closed after it.</param>
    private int Number(SentDescriptor sent, List<SafeFd> made)
    {
        SafeFd descriptor;
        switch (sent)
        {
            case OpenDescriptor open:
                return open.Number;
            case BindfsVolume volume:
                // Its server lives as long as the launch: the mount ends with it.
                _served.Add(BindfsServer.Start(volume, _child.Pid));
                return _served[^1].Mount.Number;
            case NestedUserNamespace nested:
                descriptor = NestedNamespaces.Make(nested, _child.Pid);
                break;
            case HookState hook:
                descriptor = HookRun.StateFile(_state!(ProcessIdentity.InnermostPid(_child.Pid), hook.Status));
                break;
            case HostProcfs:
                descriptor = SecurityModulesProbe.OpenProcfs();
                break;
            case IdMappedMount mount:
                descriptor = IdMappedMounts.Make(mount, _child.Pid);
                break;
            default:
                throw new InvalidOperationException($"no way to make a {sent.GetType().Name}");
        }

        made.Add(descriptor);
        return descriptor.Number;
    }
}
