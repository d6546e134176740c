using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>What the planners of one launch share.</summary>
public sealed class PlanContext
{
    /// <summary>The number of the control socket in the child.</summary>
    public const int ControlFd = 3;

    /// <summary>The number under which the container's root stays open until execve.</summary>
    public const int RootFd = 4;

    /// <summary>The name of the slot of the ID-mapped root file system.</summary>
    internal const string IdMappedRootfsName = "id-mapped rootfs";

    private readonly List<(Mount? For, SentDescriptor Mount, FdSlot Slot)> _idMapped = [];
    private readonly List<MappedVolume> _mapped = [];

    /// <summary>Starts a plan.</summary>
    public PlanContext(LaunchRequest request, PlanBuilder builder)
    {
        Request = request;
        Builder = builder;
        Flags = NamespaceFlags.Of(request.Spec);
        InheritedControl = builder.NewSlot("inherited control");
        Control = builder.NewSlot("control");
        Root = builder.NewSlot("root");
        Hooks = new HookPlanner(this);
        CollectIdMapped();
    }

    /// <summary>What the plan is made from.</summary>
    public LaunchRequest Request { get; }

    /// <summary>The configuration.</summary>
    public Spec Spec => Request.Spec;

    /// <summary>The steps.</summary>
    public PlanBuilder Builder { get; }

    /// <summary>The new namespaces.</summary>
    public CloneFlags Flags { get; }

    /// <summary>The child's end of the control socket as it was inherited.</summary>
    public FdSlot InheritedControl { get; }

    /// <summary>The child's end of the control socket, at <see cref="ControlFd"/>.</summary>
    public FdSlot Control { get; }

    /// <summary>The container's root, at <see cref="RootFd"/>.</summary>
    public FdSlot Root { get; }

    /// <summary>The hooks of the configuration.</summary>
    internal HookPlanner Hooks { get; }

    /// <summary>The directory of the root file system on the host, once it is open; null for an image with a layer of its own.</summary>
    internal FdSlot? RootfsDirectory { get; set; }

    /// <summary>The container's root while mounts are attached below it and it is not the process's own root yet; null from pivot_root on.</summary>
    internal FdSlot? RootBeforePivot { get; set; }

    /// <summary>The container's proc mount, once it is made.</summary>
    public FdSlot? Proc { get; set; }

    /// <summary>Whether the container's user namespace is another than csrun's: a new one, or one that is there already.</summary>
    public bool OwnUserNamespace => HasOwn(CloneFlags.CLONE_NEWUSER);

    /// <summary>Whether a namespace is new.</summary>
    public bool Has(CloneFlags flag) => (Flags & flag) != 0;

    /// <summary>Whether a namespace is another than csrun's: new, or entered.</summary>
    public bool HasOwn(CloneFlags flag) => Has(flag) || Request.Joined.Any(j => j.Kind == flag);

    /// <summary>The container's user ID that makes the root file system: 0, or the first that is mapped.</summary>
    public uint SetupUid => FirstMapped(Spec.Linux?.UidMappings ?? []);

    /// <summary>The group ID likewise.</summary>
    public uint SetupGid => FirstMapped(Spec.Linux?.GidMappings ?? []);

    /// <summary>The size of the process's terminal: the configuration's, else that of the caller's own.</summary>
    public (ushort Rows, ushort Columns) TerminalSize =>
        Spec.Process?.ConsoleSize is { } size ? ((ushort)size.Height, (ushort)size.Width) : (Request.Facts.Rows, Request.Facts.Columns);

    /// <summary>Slave when a volume or the root wants to hear of the host's mounts, else private. None where the mount namespace is not new:
    /// the mounts in it are others', and keep what they have.</summary>
    public MountFlags RootPropagation
    {
        get
        {
            if (!Has(CloneFlags.CLONE_NEWNS))
            {
                return 0;
            }

            if (Spec.Linux?.RootfsPropagation is "slave" or "rslave" or "shared" or "rshared")
            {
                return MountFlags.MS_SLAVE;
            }

            foreach (Mount mount in Spec.Mounts)
            {
                foreach (string option in mount.Options)
                {
                    if (option is "slave" or "rslave" or "shared" or "rshared")
                    {
                        return MountFlags.MS_SLAVE;
                    }
                }
            }

            return MountFlags.MS_PRIVATE;
        }
    }

    /// <summary>The slot of the ID-mapped copy of the root file system that csrun makes and sends with the first barrier.</summary>
    public FdSlot? IdMappedRootfs => IdMappedSlot(null);

    /// <summary>The slot of the ID-mapped copy of this mount's source, or null. Of this mount: another one may bind the same source unmapped.</summary>
    public FdSlot? IdMappedSlot(Mount? mount)
    {
        foreach ((Mount? of, _, FdSlot slot) in _idMapped)
        {
            if (ReferenceEquals(of, mount))
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Adds both halves of the barrier that brings ID-mapped mounts, when there are any.</summary>
    public void AddIdMappedMounts()
    {
        if (_idMapped.Count != 0)
        {
            const string Name = "ID-mapped mounts made";
            Builder.Csrun(new PassBarrierOp(Name, [.. _idMapped.Select(m => m.Mount)]), _idMapped.TrueForAll(m => m.Mount is NestedUserNamespace)
                ? "the maps by which the container's root maps file systems of the container's own"
                : _idMapped.Exists(m => m.Mount is BindfsVolume)
                ? "only root of the host's user namespace may map mounts of its file systems; a file system of FUSE belongs to the container's"
                : _idMapped.Exists(m => m.Mount is IdMappedMount { Broker: not null })
                ? "only root of the host's user namespace may map mounts of its file systems, so the broker does, for IDs that are the caller's own"
                : "only root of the host's user namespace may map mounts of its file systems", _idMapped.TrueForAll(m => m.Mount is NestedUserNamespace)
                ? "the kernel takes the map of a mount from a user namespace, and no other one has this map"
                : "the child would try it itself, and get EPERM: its user namespace does not own the file system");
            Builder.Child(new AwaitBarrierOp(Name, Control, [.. _idMapped.Select(m => m.Slot)]), "the mapped mounts, detached", "the files would show with the IDs that they have on disk, as nobody's");
        }
    }

    /// <summary>The mounts with ID maps of their own, once <see cref="AddIdMappedMounts"/> has chosen their ways.</summary>
    public IReadOnlyList<MappedVolume> MappedVolumes => _mapped;

    private void CollectIdMapped()
    {
        string? lower = Request.Rootfs switch
        {
            LayeredRootfs { IdMapped: true } layered => layered.Lower,
            DirectoryRootfs { IdMapped: true } directory => directory.Path,
            _ => null,
        };
        if (lower is not null)
        {
            _idMapped.Add((null, new IdMappedMount(lower, Recursive: false, MapBelow: false, null, null, ReadOnly: false), Builder.NewSlot(IdMappedRootfsName)));
        }

        foreach (Mount mount in Spec.Mounts)
        {
            if (IdMapTiers.WantsOwnTmpfs(mount))
            {
                IdMapPair maps = IdMapTiers.OfTmpfs(Spec, mount);
                _mapped.Add(new MappedVolume(mount, new IdMapTier.ByContainer()));
                _idMapped.Add((mount, new NestedUserNamespace(maps.Uid.Mappings, maps.Gid.Mappings), Builder.NewSlot($"map of {mount.Destination}")));
                continue;
            }

            if (!IdMapTiers.Wants(mount))
            {
                continue;
            }

            IdMapTier tier = IdMapTiers.Choose(Spec, mount, Request.Facts);
            _mapped.Add(new MappedVolume(mount, tier));
            if (Mapped(mount, tier) is { } mapped)
            {
                _idMapped.Add((mount, mapped, Builder.NewSlot($"id-mapped {mount.Source}")));
            }
        }

        Mount[] refused = [.. _mapped.Where(m => m.Tier is IdMapTier.Refused).Select(m => m.Mount)];
        if (refused.Length != 0)
        {
            throw IdMapTiers.Refusal(refused, Request.Facts);
        }
    }

    private SentDescriptor? Mapped(Mount mount, IdMapTier tier)
    {
        MountOptions options = MountOptions.Parse(mount.Options, mount.Type);
        (IReadOnlyList<LinuxIdMapping> uids, IReadOnlyList<LinuxIdMapping> gids) = IdMapTiers.Ranges(Spec, mount);
        return tier switch
        {
            IdMapTier.Itself => new IdMappedMount(mount.Source!, options.Recursive, options.Recursive && options.IdMapRecursive, Convert(uids), Convert(gids), ReadOnly: false),
            IdMapTier.ByBroker broker => new IdMappedMount(mount.Source!, Recursive: false, MapBelow: false, broker.Maps.Uid.Mappings, broker.Maps.Gid.Mappings, ReadOnly: false)
            {
                Broker = Request.Facts.Mapping!.BrokerSocket,
            },
            IdMapTier.ByBindfs served => new BindfsVolume(Request.Facts.Mapping!.Bindfs!, mount.Source!, served.Uid, served.Gid),
            _ => null,
        };
    }

    private static ImmutableArray<IdMapping>? Convert(IReadOnlyList<LinuxIdMapping> mappings) =>
        mappings.Count == 0 ? null : [.. mappings.Select(m => new IdMapping(m.ContainerID, m.HostID, m.Size))];

    private static uint FirstMapped(IReadOnlyList<LinuxIdMapping> mappings)
    {
        uint first = uint.MaxValue;
        foreach (LinuxIdMapping mapping in mappings)
        {
            first = Math.Min(first, mapping.ContainerID);
        }

        return mappings.Count == 0 ? 0 : first;
    }
}
