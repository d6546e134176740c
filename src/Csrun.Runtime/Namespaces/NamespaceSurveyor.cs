using System.Collections.Immutable;
using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Namespaces;

/// <summary>Looks at all processes, and asks the kernel how their namespaces belong together (ioctl_ns(2)).</summary>
public sealed class NamespaceSurveyor
{
    private readonly SortedDictionary<ulong, UserNamespaceInfo> _users = [];
    private readonly Dictionary<(NamespaceKind Kind, ulong Inode), (ulong? Owner, string? Mount)> _others = [];
    private readonly List<NamespaceProcess> _processes = [];
    private readonly SortedDictionary<uint, int> _hidden = [];

    private NamespaceSurveyor()
    {
    }

    /// <summary>Looks now. Processes that end meanwhile are missing.</summary>
    public static NamespaceSurvey Look()
    {
        NamespaceSurveyor surveyor = new();
        surveyor.LookAtProcesses();
        surveyor.LookAtMounts();
        return surveyor.Result();
    }

    private void LookAtProcesses()
    {
        using SafeFd proc = Sys.Openat2(null, "/proc", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", "/proc");
        foreach (string pid in DirectoryNames.Of(proc))
        {
            if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                continue;
            }

            if (ProcessNamespaces.Read(pid, out Errno errno) is { } process)
            {
                _processes.Add(process);
                Learn(pid, process);
            }
            else if (errno is Errno.EACCES or Errno.EPERM && Sys.Statx(proc, pid, out FileStat stat).Ok)
            {
                _hidden[stat.uid] = _hidden.GetValueOrDefault(stat.uid) + 1;
            }
        }

        _processes.Sort(static (a, b) => a.Pid.CompareTo(b.Pid));
    }

    private void Learn(string pid, NamespaceProcess process)
    {
        foreach ((NamespaceKind kind, ulong inode) in process.Namespaces)
        {
            bool known = kind == NamespaceKind.User ? _users.TryGetValue(inode, out UserNamespaceInfo? user) && user.Maps is not null : _others.ContainsKey((kind, inode));
            if (known)
            {
                continue;
            }

            using SafeFd? fd = Open($"/proc/{pid}/ns/{kind.File()}");
            if (kind == NamespaceKind.User)
            {
                AddUser(inode, fd, UserNamespaces.MapsOf(pid), null);
            }
            else
            {
                _others[(kind, inode)] = (fd is null ? null : OwnerOf(fd), null);
            }
        }
    }

    /// <summary>Namespaces that a bind mount keeps, as ip-netns(8) and unshare(1) make them; in csrun's own mount namespace.</summary>
    private void LookAtMounts()
    {
        foreach (MountEntry mount in MountTable.Read()?.Entries ?? [])
        {
            using SafeFd? fd = mount.Type == "nsfs" ? Open(mount.MountPoint) : null;
            if (fd is null || Sys.NsGetNstype(fd) is not { Ok: true } type || NamespaceKinds.Of((CloneFlags)(uint)type.Int) is not { } kind || !Sys.Statx(fd, "", out FileStat stat).Ok)
            {
                continue;
            }

            if (kind == NamespaceKind.User)
            {
                AddUser(stat.ino, fd, null, mount.MountPoint);
            }
            else
            {
                _others[(kind, stat.ino)] = (OwnerOf(fd), mount.MountPoint);
            }
        }
    }

    /// <summary>Adds a user namespace and those it was made in: they may have no process any more.</summary>
    private void AddUser(ulong inode, SafeFd? fd, IdMapPair? maps, string? mount)
    {
        UserNamespaceInfo known = _users.GetValueOrDefault(inode) ?? Describe(inode, fd);
        _users[inode] = known with { Maps = known.Maps ?? maps, Mount = known.Mount ?? mount };
    }

    private UserNamespaceInfo Describe(ulong inode, SafeFd? fd)
    {
        if (fd is null)
        {
            return new UserNamespaceInfo { Inode = inode };
        }

        SysResult asked = Sys.NsGetParent(fd);
        using SafeFd? parent = asked.Ok ? new SafeFd(asked.Int) : null;
        return new UserNamespaceInfo
        {
            Inode = inode,
            IsInitial = UserNamespaces.IsInitial(fd),
            OwnerUid = Sys.NsGetOwnerUid(fd, out uint owner).Ok ? owner : null,
            Parent = parent is null ? null : Known(parent),
        };
    }

    private ulong? OwnerOf(SafeFd ns)
    {
        SysResult asked = Sys.NsGetUserns(ns);
        using SafeFd? owner = asked.Ok ? new SafeFd(asked.Int) : null;
        return owner is null ? null : Known(owner);
    }

    private ulong? Known(SafeFd user)
    {
        if (!Sys.Statx(user, "", out FileStat stat).Ok)
        {
            return null;
        }

        AddUser(stat.ino, user, null, null);
        return stat.ino;
    }

    private static SafeFd? Open(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK);
        return opened.Ok ? new SafeFd(opened.Int) : null;
    }

    private NamespaceSurvey Result()
    {
        List<NamespaceInfo> others = [.. _others
            .OrderBy(o => o.Key.Kind).ThenBy(o => o.Key.Inode)
            .Select(o => new NamespaceInfo(o.Key.Kind, o.Key.Inode, o.Value.Owner, Members(o.Key.Kind, o.Key.Inode), o.Value.Mount))];
        return new NamespaceSurvey
        {
            Own = ProcessNamespaces.Read("self", out _)?.Namespaces ?? ImmutableSortedDictionary<NamespaceKind, ulong>.Empty,
            Users = [.. _users.Values.Select(u => u with { Processes = Members(NamespaceKind.User, u.Inode), Owns = [.. others.Where(o => o.Owner == u.Inode)] })],
            OwnerUnknown = [.. others.Where(o => o.Owner is null)],
            Hidden = [.. _hidden.Select(h => new HiddenProcesses(h.Key, h.Value))],
        };
    }

    private ImmutableArray<NamespaceProcess> Members(NamespaceKind kind, ulong inode) =>
        [.. _processes.Where(p => p.Namespaces.TryGetValue(kind, out ulong own) && own == inode)];
}
