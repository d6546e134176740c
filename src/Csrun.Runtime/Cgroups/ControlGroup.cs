using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Bpf;
using Csrun.Linux.Handles;
using Csrun.Plan.Cgroups;

namespace Csrun.Runtime.Cgroups;

/// <summary>A container's control group: made, joined, and later found again by its record.</summary>
public sealed partial class ControlGroup : IDisposable
{
    private readonly List<CgroupDirectory> _directories = [];
    private readonly CgroupPlan _plan;
    private readonly bool _found;
    private string? _unit;
    private bool _userUnit;

    private ControlGroup(CgroupPlan plan, bool found)
    {
        _plan = plan;
        _found = found;
    }

    /// <summary>What is said to the user: a limit that newer kernels do not have.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What the container's record keeps; null when there is no group.</summary>
    public CgroupRecord? Record => _directories.Count == 0 ? null
        : new CgroupRecord(_unit is null ? CgroupDriver.Cgroupfs : CgroupDriver.Systemd, [.. _directories.Select(d => d.Group)], _unit, _userUnit);

    /// <summary>The directory for CLONE_INTO_CGROUP; null where there is none.</summary>
    public SafeFd? Into => _plan.IntoAtClone is not null ? _directories.Find(d => d.Group.IsV2)?.Fd : null;

    /// <summary>Opens a version 1 group's file <c>tasks</c>, for a child that joins the group by itself.</summary>
    /// <param name="group">The group.</param>
    /// <returns>The file, at 10 or above: the child gives the lower numbers to something else. Null: the group was not made, which nobody had asked for.</returns>
    /// <exception cref="KernelException">The kernel refuses, and somebody asked for the group.</exception>
    public SafeFd? OpenTasks(CgroupGroup group)
    {
        SysResult opened = _directories.Find(d => d.Group.Directory == group.Directory) is { } directory
            ? CgroupFiles.OpenToWrite(directory.Fd, "tasks")
            : new SysResult(-1, Errno.ENOENT);
        if (!opened.Ok && !_plan.Asked)
        {
            return null;
        }

        using SafeFd low = opened.FdOrThrow("openat2", $"{group.Directory}/tasks");
        return Sys.FcntlDupfdCloexec(low, from: 10);
    }

    /// <summary>The group as a plan for a further process of the container: it is there, so nothing is made or set.</summary>
    public CgroupPlan Plan => _plan;

    /// <summary>Whether the group goes when this object does: csrun stays until its container has ended.</summary>
    public bool RemovedAtEnd { get; set; }

    /// <summary>Makes a group and sets its limits. With systemd's driver that waits for <see cref="Join"/>: systemd wants a process for it.</summary>
    /// <exception cref="CsrunException">The kernel refuses, and somebody asked for the group; nothing is left.</exception>
    public static ControlGroup Make(CgroupPlan plan)
    {
        ControlGroup group = new(plan, found: false);
        if (plan.Driver == CgroupDriver.Cgroupfs)
        {
            group.Guarded(() => group.MakeDirectories(plan.Groups));
        }

        return group;
    }

    /// <summary>Moves a process into the group.</summary>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    /// <exception cref="CsrunException">The kernel refuses, and somebody asked for the group.</exception>
    public void Join(int pid) => Guarded(() =>
    {
        if (_plan.Unit is { } unit)
        {
            _unit = unit.Name;
            _userUnit = _plan.UserUnit;
            ImmutableArray<CgroupGroup> groups = SystemdScope.Start(_plan, unit, pid);
            MakeDirectories(groups);
        }

        foreach (CgroupDirectory directory in _directories)
        {
            SysResult moved = CgroupFiles.Write(directory.Fd, "cgroup.procs", pid.ToString());
            if (moved.Errno is Errno.EACCES or Errno.EPERM && _unit is { } scope)
            {
                // csrun was called from a part of the tree that is not the caller's, a login session: systemd moves what the kernel does not let us.
                SystemdScope.Attach(scope, _userUnit, pid);
                continue;
            }

            moved.OrThrow("write", $"{directory.Group.Directory}/cgroup.procs");
        }
    });

    private void MakeDirectories(ImmutableArray<CgroupGroup> groups)
    {
        foreach (CgroupGroup one in groups)
        {
            _directories.Add(CgroupDirectory.Make(one));
        }

        RefuseForeignProcesses();
        if (_plan.Devices is { } devices)
        {
            SetDevices(devices);
        }

        Write(_plan.Writes);
    }

    /// <summary>A group with processes in it belongs to somebody: limits and kills would hit them (CVE-2022-0492's neighbourhood; runc does the same).</summary>
    private void RefuseForeignProcesses()
    {
        foreach (CgroupDirectory directory in _directories)
        {
            if (_unit is null && directory.Made == 0 && CgroupFiles.Read(directory.Fd, "cgroup.procs") is { Length: > 0 })
            {
                // What was there before is not ours to remove, nor are its processes ours to kill.
                _directories.FindAll(d => d.Made == 0).ForEach(d => d.Dispose());
                _directories.RemoveAll(d => d.Made == 0);
                throw new CsrunException($"control group \"{directory.Group.Directory}\" is in use", "processes are in it that are not this container's", "choose another linux.cgroupsPath");
            }
        }
    }

    /// <summary>Does a part of making the group; undoes all of it on failure, and lets the failure pass where nobody asked for the group.</summary>
    private void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (CsrunException) when (!_plan.Asked)
        {
            Remove();
        }
        catch when (!_found)
        {
            Remove();
            throw;
        }
    }

    private void SetDevices(DeviceRuleSet rules)
    {
        if (Find("devices") is not null)
        {
            Write(rules.Writes());
            return;
        }

        if (_directories.Find(d => d.Group.IsV2) is { } group)
        {
            using SafeFd program = Sys.BpfLoadDeviceProgram(DeviceProgram.Make(rules.AllowByDefault, rules.Exceptions).AsSpan())
                .FdOrThrow("bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_CGROUP_DEVICE)", null, "the kernel loads device programs for CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN, alone");
            uint[] before = AttachedPrograms(group.Fd);
            Sys.BpfAttachDeviceProgram(group.Fd, program).OrThrow("bpf(BPF_PROG_ATTACH, BPF_CGROUP_DEVICE)", group.Group.Directory);
            // The old ones last: at no moment nothing decides.
            foreach (uint id in before)
            {
                SysResult old = Sys.BpfProgramById(id);
                if (old.Ok)
                {
                    using SafeFd fd = new(old.Int);
                    Sys.BpfDetachDeviceProgram(group.Fd, fd);
                }
            }
        }
    }

    private static uint[] AttachedPrograms(SafeFd group)
    {
        uint[] ids = new uint[64];
        SysResult count = Sys.BpfQueryDevicePrograms(group, ids);
        return count.Ok ? ids[..count.Int] : [];
    }

    private CgroupDirectory? Find(string controller) => _directories.Find(d => d.Group.Controllers.Contains(controller));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (RemovedAtEnd)
        {
            Remove();
        }

        _directories.ForEach(d => d.Dispose());
    }
}
