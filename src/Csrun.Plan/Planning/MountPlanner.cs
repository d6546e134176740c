using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The mounts of the configuration: sources gathered as the caller, file systems made as root, all attached after pivot_root.</summary>
internal sealed class MountPlanner
{
    private readonly PlanContext _context;
    private readonly PlanBuilder _plan;
    private readonly List<PlannedMount> _mounts = [];
    private readonly DevPlanner _dev;
    private readonly CopyUpPlanner _copyUp;

    // Without a user namespace the caller and the container's root are one, and mounts are made in the configuration's order:
    // since Linux 6.8 mountinfo lists them so.
    private readonly bool _oneUser;

    public MountPlanner(PlanContext context)
    {
        _context = context;
        _plan = context.Builder;
        _oneUser = !context.OwnUserNamespace;
        foreach (Mount mount in context.Spec.Mounts)
        {
            MountOptions options = MountOptions.Parse(mount.Options, mount.Type);
            if (!options.Remount)
            {
                ProcDestination.Check(mount);
            }

            _mounts.Add(new PlannedMount(mount, options));
        }

        _dev = new DevPlanner(context);
        _copyUp = new CopyUpPlanner(context);
    }

    /// <summary>The terminal's end in the container, when there is one.</summary>
    public FdSlot? TerminalPeer => _dev.TerminalPeer;

    /// <summary>Copies the mounts that come from the host, as the caller.</summary>
    public void Gather()
    {
        if (!_oneUser)
        {
            _mounts.ForEach(Gather);
        }

        _copyUp.Gather();
        _dev.Gather(HasTmpfsDev);
    }

    /// <summary>Makes the new file systems.</summary>
    public void Make()
    {
        foreach (PlannedMount planned in _mounts)
        {
            if (_oneUser)
            {
                Gather(planned);
            }

            planned.Cgroups?.Make();
            if (planned.Slot is not null || planned.Options.Remount)
            {
                continue;
            }

            string type = planned.Mount.Type ?? "none";
            string kernelType = type == "cgroup" ? "cgroup2" : type;
            FdSlot slot = _plan.NewSlot(type);
            planned.Slot = slot;
            MountAttr set = planned.Options.Set | planned.Options.SetRecursive;
            _plan.Child(
                new NewFilesystemOp(kernelType, KernelFilesystem.Options(planned.Mount.Destination, kernelType, planned.Options.Data, _context), _copyUp.Fills(planned.Mount) ? set & ~MountAttr.MOUNT_ATTR_RDONLY : set, _plan.NewSlot($"{type} context"), slot, planned.Mount.Source),
                KernelFilesystem.Why(type, planned.Mount.Destination), KernelFilesystem.Without(type, planned.Mount.Destination));
            _copyUp.Fill(planned.Mount, slot, set);
            if (planned.Options.Propagation != 0)
            {
                Propagation(slot, planned.Options.PropagationRecursive, planned.Options.Propagation);
            }

            if (type == "tmpfs" && _context.IdMappedSlot(planned.Mount) is { } map)
            {
                _plan.Child(new MountSetattrOp(slot, "", Recursive: false, MountAttr.MOUNT_ATTR_IDMAP, IdMap: map), "the mount's own ID map: the file system is the container's, so the container's root may map it", "files there would be stored with the container's IDs, not with those that the configuration wants");
            }

            if (type == "proc" && _context.Proc is null)
            {
                _context.Proc = slot;
            }
            else if (type == "devpts")
            {
                _dev.Devpts = slot;
            }
            else if (IsTmpfsDev(planned.Mount))
            {
                _dev.Dev = slot;
            }
        }
    }

    /// <summary>Attaches everything, in the configuration's order, at paths resolved inside the container's root.</summary>
    public void Attach()
    {
        foreach (PlannedMount planned in _mounts)
        {
            if (planned.Options.Remount)
            {
                Remount(planned);
                continue;
            }

            bool isFile = planned.Options.Bind && planned.Mount.Source is { } source && _context.Request.Facts.Kind(source) == PathKind.File;
            FdSlot target = TargetPlanner.Ensure(_context, planned.Mount.Destination, isFile);
            _plan.Child(new MoveMountOp(planned.Slot!.Value, target, $"{planned.Mount.Source ?? planned.Mount.Type} on {planned.Mount.Destination}"), $"{planned.Mount.Destination} in place", "the file system would be made and never seen: it goes when its descriptor is closed");
            planned.Cgroups?.Attach();
            if (IsTmpfsDev(planned.Mount))
            {
                _dev.Populate();
            }
        }

        if (_dev.Dev is { } dev)
        {
            EtcPlanner.Plan(_context, dev);
        }

        _dev.Terminal();
    }

    private void Gather(PlannedMount planned)
    {
        if (planned.Options.Remount)
        {
            return;
        }

        planned.Cgroups = CgroupMountPlanner.For(_context, planned);
        if (planned.Cgroups is { } cgroups)
        {
            cgroups.Gather();
        }
        else if (KernelFilesystem.BindInstead(planned.Mount, _context) is { } hostPath)
        {
            planned.Slot = Clone(hostPath, recursive: true);
            _plan.Child(new MountSetattrOp(planned.Slot, "", Recursive: true, MountAttr.MOUNT_ATTR_RDONLY | MountAttr.MOUNT_ATTR_NOSUID | MountAttr.MOUNT_ATTR_NODEV | MountAttr.MOUNT_ATTR_NOEXEC), $"the host's {hostPath}, read-only: the container shares the host's namespace for it", "a container that is root of the host could write to the host's kernel settings there");
        }
        else if (planned.Options.Bind && planned.Mount.Source is { } source)
        {
            planned.Slot = _context.IdMappedSlot(planned.Mount) ?? Clone(source, planned.Options.Recursive);
            Attributes(planned);
            if (planned.Mount is { Destination: "/proc", Source: "/proc" })
            {
                _context.Proc ??= planned.Slot; // a container in the host's PID namespace: /proc/sys/net is the process's own in any proc
            }
        }
    }

    private bool HasTmpfsDev => _mounts.Exists(m => IsTmpfsDev(m.Mount));

    private static bool IsTmpfsDev(Mount mount) => mount is { Destination: "/dev", Type: "tmpfs" };

    private FdSlot Clone(string source, bool recursive)
    {
        FdSlot slot = _plan.NewSlot(source);
        _plan.Child(new OpenTreeOp(null, source, recursive, slot), $"the host's {source}, opened with the caller's own rights", "after the next change of user the source may be out of reach: the container's root is not the caller, or has none of the caller's groups");
        return slot;
    }

    private void Attributes(PlannedMount planned)
    {
        FdSlot slot = planned.Slot!.Value;
        MountOptions options = planned.Options;
        // "rw" asks for nothing: a bind keeps what the source has, and a user namespace may not lift a host's read-only anyway.
        MountAttr clear = options.Clear & ~MountAttr.MOUNT_ATTR_RDONLY;
        if (options.SetRecursive != 0 || options.ClearRecursive != 0)
        {
            _plan.Child(new MountSetattrOp(slot, "", Recursive: true, options.SetRecursive, options.ClearRecursive), "for the mounts below, too", "a file system mounted below the volume would keep its own options: ro alone is not recursive");
        }

        MountAttr own = options.Set & ~(options.SetRecursive & ~MountAttr.MOUNT_ATTR__ATIME);
        if (own != 0 || clear != 0)
        {
            _plan.Child(new MountSetattrOp(slot, "", Recursive: false, own, clear), "the volume's own options", "ro, nosuid, noexec and the like would be asked for and not hold");
        }

        MountFlags wanted = options.Propagation == 0 ? MountFlags.MS_PRIVATE : options.Propagation;
        if (wanted != _context.RootPropagation)
        {
            bool recursive = options.Propagation == 0 || options.PropagationRecursive;
            Propagation(slot, recursive, wanted);
        }
    }

    /// <summary>Changes a mount that an earlier entry has made.</summary>
    private void Remount(PlannedMount planned)
    {
        MountOptions options = planned.Options;
        FdSlot target = TargetPlanner.Open(_context, planned.Mount.Destination);
        if (options.SetRecursive != 0 || options.ClearRecursive != 0)
        {
            _plan.Child(new MountSetattrOp(target, "", Recursive: true, options.SetRecursive, options.ClearRecursive), "remount, for the mounts below, too", "the mounts would keep the options that they were made with");
        }

        if (options.Set != 0 || options.Clear != 0)
        {
            _plan.Child(new MountSetattrOp(target, "", Recursive: false, options.Set, options.Clear), "remount: other options for what is mounted there", "the mount would keep the options that it was made with");
        }

        if (options.Propagation != 0)
        {
            Propagation(target, options.PropagationRecursive, options.Propagation);
        }
    }

    private void Propagation(FdSlot mount, bool recursive, MountFlags propagation) =>
        _plan.Child(new MountSetattrOp(mount, "", recursive, 0, 0, propagation), "whether mounts made later on one side show on the other", "a disk that is mounted below the volume later would show in the container, or not, against what was asked for");
}
