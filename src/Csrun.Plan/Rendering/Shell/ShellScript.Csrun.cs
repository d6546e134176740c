using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>The steps of csrun.</summary>
internal sealed partial class ShellScript
{
    private static readonly (CloneFlags Flag, string Option)[] s_namespaces =
    [
        (CloneFlags.CLONE_NEWUSER, "--user"), (CloneFlags.CLONE_NEWPID, "--pid"), (CloneFlags.CLONE_NEWNS, "--mount"), (CloneFlags.CLONE_NEWNET, "--net"),
        (CloneFlags.CLONE_NEWIPC, "--ipc"), (CloneFlags.CLONE_NEWUTS, "--uts"), (CloneFlags.CLONE_NEWCGROUP, "--cgroup"), (CloneFlags.CLONE_NEWTIME, "--time"),
    ];

    private void Translate(CsrunStep step)
    {
        switch (step.Op)
        {
            case CloneOp clone:
                _maps = (clone.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
                _joins = clone.Namespaces == 0;
                Namespaces(clone.Namespaces);
                if (_joins)
                {
                    Csrun.Note(step, "nsenter(1) makes the process, see the last command");
                }

                if (clone.Cgroup is { } group)
                {
                    Enter(step, $"{group}/cgroup.procs");
                }

                // The command itself is written last, when all options are known.
                CloneStep = step;
                break;
            case OwnAffinityOp affinity:
                Csrun.Add(step, Taskset(affinity.Cpus));
                break;
            case MakeCgroupOp made:
                ControlGroups.Add(step, made.Describe().Split("; "));
                break;
            case WriteIdMapsOp maps:
                _uids = maps.Uid;
                DeniesSetgroups = maps.DenySetgroups;
                Csrun.Add(step, maps.Writer == MapWriterKind.Tool
                    ? [$"newuidmap \"$child\" {Words(maps.Uid, ' ')}", $"newgidmap \"$child\" {Words(maps.Gid, ' ')}"]
                    : [
                        .. maps.DenySetgroups ? ["echo deny > \"/proc/$child/setgroups\""] : Array.Empty<string>(),
                        $"printf '%s\\n' {Words(maps.Uid, '\n')} > \"/proc/$child/uid_map\"",
                        $"printf '%s\\n' {Words(maps.Gid, '\n')} > \"/proc/$child/gid_map\"",
                    ]);
                break;
            case PassBarrierOp barrier:
                Pass(step, barrier);
                break;
            case ForwardSignalsOp when _joins:
                _lost.Add("signals: what the script is sent is not handed on; Ctrl-C ends it and, with nsenter(1), the command");
                Csrun.Note(step, "left out: the script's signals stay its own");
                break;
            case ForwardSignalsOp:
                Pivot();
                Csrun.Add(
                    step,
                    "first=$(cat \"/proc/$child/task/$child/children\")",
                    "# shellcheck disable=SC2064 # both values are meant as they are now",
                    "for signal in HUP INT QUIT TERM USR1 USR2 ALRM PWR; do trap \"kill -s $signal $first\" \"$signal\"; done");
                break;
            case MakeCgroupOp or JoinCgroupOp:
                _lost.Add("the control group: nothing is counted or limited");
                Csrun.Note(step, $"left out: {step.Op.Describe()}");
                break;
            case RunHooksOp or WriteRecordOp or MoveNetDevicesOp or SendListenerOp:
                _lost.Add(ShellText.Comment(step.Why));
                Csrun.Note(step, $"left out: {step.Op.Describe()}");
                break;
            default:
                Csrun.Note(step, $"nothing to do here: {step.Why}");
                break;
        }
    }

    /// <summary>The process goes into a control group by itself: in a script the shell that becomes it.</summary>
    private void Enter(Step step, string file)
    {
        if (_joins)
        {
            Csrun.Add(step, $"echo 0 > {ShellText.Word(file)}");
        }
        else
        {
            Entered.Add(file);
        }
    }

    /// <summary>Whether setgroups(2) is denied in the user namespace, to nsenter(1), too.</summary>
    internal bool DeniesSetgroups { get; private set; }

    /// <summary>The step that makes the child.</summary>
    internal CsrunStep? CloneStep { get; private set; }

    private void Namespaces(CloneFlags flags)
    {
        foreach ((CloneFlags flag, string option) in s_namespaces)
        {
            if ((flags & flag) != 0)
            {
                Unshare.Add(option);
            }
        }
    }

    private void Pass(CsrunStep step, PassBarrierOp barrier)
    {
        List<string> commands = [];
        foreach (SentDescriptor descriptor in barrier.Descriptors)
        {
            switch (descriptor)
            {
                case IdMappedMount { Broker: null } mount:
                    commands.Add($"idmapped {ShellText.Word(mount.Source)} {Waiting(SlotOf(barrier, descriptor))} {(mount.Recursive ? "r" : "''")} {Maps(mount)}");
                    break;
                case IdMappedMount:
                    _impossible.Add($"{descriptor.Describe()}: a shell cannot speak to the broker");
                    break;
                case HostProcfs:
                    break; // setpriv writes the label
                case OpenDescriptor process when Joined is null && process.Pid is not null:
                    Joined = process;
                    break;
                case OpenDescriptor stream:
                    _lost.Add($"the background: {ShellText.Comment(stream.Name)} is not connected, the command has the script's own standard streams");
                    break;
                default:
                    _impossible.Add($"{descriptor.Describe()}: no program does it");
                    break;
            }
        }

        if (_joins)
        {
            Csrun.Note(step, "there is nobody to wait for: nsenter(1) joins by itself");
            return;
        }

        Csrun.Add(step, [.. commands, $"pass {ShellText.Word(barrier.Name)}"]);
    }

    /// <summary>The slot that takes a descriptor: the child's half of the barrier has it.</summary>
    private FdSlot SlotOf(PassBarrierOp pass, SentDescriptor descriptor)
    {
        foreach (Step other in _plan.Steps)
        {
            if (other is ChildStep { Op: AwaitBarrierOp await } && await.Name == pass.Name)
            {
                return await.Fds[pass.Descriptors.IndexOf(descriptor)];
            }
        }

        throw new ArgumentException($"no half of the child's for the barrier \"{pass.Name}\"", nameof(pass));
    }

    private static string Maps(IdMappedMount mount) => mount.Uid is { } uids
        ? string.Join(' ', uids.Select(m => $"u:{m.ContainerId}:{m.HostId}:{m.Size}").Concat((mount.Gid ?? []).Select(m => $"g:{m.ContainerId}:{m.HostId}:{m.Size}")))
        : "\"/proc/$child/ns/user\"";

    private static string Words(ImmutableArray<IdMapping> map, char separator) => separator == ' '
        ? string.Join(' ', map.Select(m => $"{m.ContainerId} {m.HostId} {m.Size}"))
        : string.Join(' ', map.Select(m => $"'{m.ContainerId} {m.HostId} {m.Size}'"));
}
