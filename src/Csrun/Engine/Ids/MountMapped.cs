using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Linux.Mounts;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.Mounts;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap mount</c>.</summary>
internal static class MountMapped
{
    internal static int Run(IdMapMountRequest request)
    {
        MountAttr clear = Options(request, out MountOptions options);
        IdMapPair? maps = null;
        using SafeFd? userns = request.Maps.Any(m => m.StartsWith('/')) ? Namespace(request) : null;
        if (userns is null)
        {
            maps = MountMapNotation.Parse(request.Maps, Unchanged());
        }

        if (request.Explain is { } format)
        {
            return Explanation.Write(MountMapPlanner.Plan(request.Source, request.Target, maps, maps is null ? request.Maps[0] : null, request.Recursive, options, clear), format);
        }

        using SafeFd source = DetachedMounts.Open(request.Source);
        using SafeFd target = DetachedMounts.Open(request.Target);
        MountInfo mounts = MountTable.Read() ?? throw new CsrunException("/proc/self/mountinfo cannot be read", "proc is not mounted here", "mount -t proc proc /proc");
        CheckTarget(request, source, target, mounts);
        bool replaced = mounts.Of(source) is { IsIdMapped: true };
        using SafeFd tree = DetachedMounts.IdMapped(new IdMappedCopy(request.Source)
        {
            Source = source,
            Maps = maps,
            UserNamespace = userns,
            Recursive = request.Recursive,
            MapBelow = request.Recursive,
            ReplaceMap = true,
            Set = options.Set,
            Clear = clear,
            Propagation = options.Propagation,
        });
        Attach(request, tree, target);
        if (replaced)
        {
            Notes.Write($"\"{request.Source}\" is ID-mapped itself: under \"{request.Target}\" the new map holds in place of its own, and counts the IDs on disk (the maps do not add up)");
        }
        else if (maps is not null)
        {
            NoteSwapped(request, source, maps);
        }

        return 0;
    }

    /// <summary>The IDs of csrun's own user namespace, each itself: what holds for the kind of ID that no map is given for.</summary>
    internal static IdMapPair Unchanged()
    {
        IdMapPair own = UserNamespaces.MapsOf("self") ?? new IdMapPair(IdMap.Identity, IdMap.Identity);
        return new IdMapPair(Itself(own.Uid), Itself(own.Gid));

        static IdMap Itself(IdMap map) => new([.. map.Mappings.Select(m => m with { HostId = m.ContainerId })]);
    }

    private static SafeFd Namespace(IdMapMountRequest request) => request.Maps.Count == 1
        ? UserNamespaces.Open(request.Maps[0])
        : throw new CsrunException($"--map-mount {string.Join(" --map-mount ", request.Maps)}", "a user namespace has a whole map, to which nothing can be added", "give either one /proc/PID/ns/user, or entries such as b:0:100000:65536");

    private static MountAttr Options(IdMapMountRequest request, out MountOptions options)
    {
        options = MountOptions.Parse([.. request.Options], "bind");
        string[] wrong = [.. request.Options.Where(o => o is "bind" or "rbind" || Oci.MountIdMapOption.IsPresent(o) || o.StartsWith('r') && o is not ("ro" or "rw" or "relatime" or "rprivate" or "rslave" or "rshared")), .. options.Data.Select(d => d.Value is null ? d.Key : $"{d.Key}={d.Value}")];
        if (wrong.Length != 0)
        {
            throw new CsrunException(
                $"-o {string.Join(',', request.Options)}: {(wrong.Length == 1 ? $"\"{wrong[0]}\" is" : $"\"{string.Join("\", \"", wrong)}\" are")} not possible here",
                "options of a mount are ro, rw, nosuid, nodev, noexec, nosymfollow, noatime, nodiratime, relatime, strictatime, private, slave, shared; those of a file system are given where it is mounted first",
                "--recursive for the mounts below, --map-mount for the map");
        }

        // The three ways to keep access times are one field, which is cleared before it is set: mount_setattr(2).
        bool atime = request.Options.Any(o => o is "noatime" or "relatime" or "strictatime" or "atime");
        return options.Clear | (atime ? MountAttr.MOUNT_ATTR__ATIME : 0);
    }

    private static void CheckTarget(IdMapMountRequest request, SafeFd source, SafeFd target, MountInfo mounts)
    {
        Sys.Statx(source, "", out FileStat from).OrThrow("statx", request.Source);
        Sys.Statx(target, "", out FileStat to).OrThrow("statx", request.Target);
        if (from.IsDirectory != to.IsDirectory)
        {
            throw new CsrunException(
                $"\"{request.Source}\" cannot be mounted on \"{request.Target}\"",
                $"the source is {(from.IsDirectory ? "a directory" : "a file")}, the target is {(to.IsDirectory ? "a directory" : "a file")}",
                from.IsDirectory ? "name a directory as the target" : $"touch '{request.Target.TrimEnd('/')}/{Path.GetFileName(request.Source.TrimEnd('/'))}', and mount on that");
        }

        string path = MountTable.PathOf(target);
        if (mounts.Of(target) is { } there && there.MountPoint == path)
        {
            throw new CsrunException(
                $"\"{request.Target}\" is busy: it is a mount point already",
                $"{there.Type} is mounted there{(there.IsIdMapped ? ", ID-mapped" : "")}, and would be covered",
                there.IsIdMapped ? $"csrun idmap umount '{path}'" : "mount on another, empty directory");
        }
    }

    private static void Attach(IdMapMountRequest request, SafeFd tree, SafeFd target)
    {
        SysResult moved = Sys.MoveMount(tree, target);
        moved.OrThrow("move_mount", request.Target, moved.Errno switch
        {
            Errno.EPERM => "attaching a mount takes CAP_SYS_ADMIN over the mount namespace, which this process has not",
            Errno.ENOENT => "the target was removed meanwhile",
            Errno.EINVAL when MountTable.Read()?.Of(target) is null => "the target is of another mount namespace",
            Errno.EINVAL => "the target is locked by a more privileged mount namespace (mount_namespaces(7))",
            Errno.ENOSPC => "the limit of mounts is reached: /proc/sys/fs/mount-max",
            _ => null,
        });
    }

    // The first number is the ID on disk. Who takes it for the other one gets nothing but nobody's files, without any error.
    private static void NoteSwapped(IdMapMountRequest request, SafeFd source, IdMapPair maps)
    {
        if (Sys.Statx(source, "", out FileStat stat).Ok && !maps.Uid.ContainsContainer(stat.uid) && maps.Uid.ContainsHost(stat.uid))
        {
            Notes.Write($"\"{request.Source}\" belongs to {stat.uid} on disk, which this map has only as a shown ID, so it shows as nobody's; if the numbers are swapped: {string.Join(' ', MountMapNotation.Write(new IdMapPair(maps.Uid.Invert(), maps.Gid.Invert())).Split(' ').Select(m => $"--map-mount {m}"))}");
        }
    }
}
