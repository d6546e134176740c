using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Mounts;
using Csrun.Plan.Broker;
using Csrun.Runtime.Host;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Broker;

/// <summary>The broker's one privileged deed: an ID-mapped copy of what a descriptor stands for.</summary>
/// <remarks>Everything is judged by descriptors; a path is only ever shown. docs/design/broker.md has the reasons.</remarks>
internal sealed class MountGrant(LockedMounts locked)
{
    private const MountAttr Forced = MountAttr.MOUNT_ATTR_IDMAP | MountAttr.MOUNT_ATTR_NOSUID | MountAttr.MOUNT_ATTR_NODEV;

    private readonly MapNamespaces _namespaces = new();

    /// <summary>Judges and, if nothing speaks against it, makes the mount.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="descriptors">What came with it, in this order: the directory or file (O_PATH), the user namespace.</param>
    /// <param name="mount">The mount, detached, when the answer is null.</param>
    /// <param name="what">What was asked about, for the log.</param>
    /// <returns>Null, or why not.</returns>
    public BrokerRefusal? Decide(BrokerCaller caller, BrokerRequest request, ReadOnlySpan<SafeFd> descriptors, out SafeFd? mount, out string what)
    {
        mount = null;
        what = "";
        if (BrokerPolicy.Judge(caller, request) is { } own)
        {
            return own;
        }

        if (descriptors is not [SafeFd file, SafeFd userns])
        {
            return new(BrokerCode.BadDescriptors, $"two descriptors belong to the request, a directory or file and a user namespace, and {descriptors.Length} came");
        }

        what = Link(file);
        return JudgeNamespace(caller, userns)
            ?? JudgeFile(file, what, out bool isDirectory)
            ?? Make(request, file, isDirectory, out mount);
    }

    private static BrokerRefusal? JudgeNamespace(BrokerCaller caller, SafeFd userns)
    {
        // By the link first: an ioctl(2) on a file of FUSE would be its server's to answer. Only nsfs has such names.
        string name = Link(userns);
        if (!name.StartsWith("user:[", StringComparison.Ordinal))
        {
            return new(BrokerCode.BadDescriptors, "the second descriptor is no user namespace");
        }

        if (name == Link("/proc/self/ns/user"))
        {
            return new(BrokerCode.NotYourNamespace, "the user namespace is the host's own");
        }

        SysResult asked = Sys.NsGetOwnerUid(userns, out uint owner);
        return !asked.Ok ? new(BrokerCode.BadDescriptors, $"the second descriptor cannot be asked for its owner: {asked.Errno}")
            : owner != caller.Uid ? new(BrokerCode.NotYourNamespace, $"the user namespace belongs to user {owner}")
            : null;
    }

    private static BrokerRefusal? JudgeFile(SafeFd file, string path, out bool isDirectory)
    {
        isDirectory = false;
        // Only an O_PATH descriptor has nothing of the file system's own behind it that the calls below could run.
        if (!Sys.FcntlGetfl(file).HasFlag(OpenFlags.O_PATH))
        {
            return new(BrokerCode.BadDescriptors, "the first descriptor was not opened with O_PATH");
        }

        MountInfo mounts = MountTable.Read() ?? throw new CsrunException("/proc/self/mountinfo cannot be read");
        if (MountId(file) is not { } id || mounts.Find(id) is not { } mount)
        {
            return new(BrokerCode.BadDescriptors, $"\"{path}\" is not on a mount of the broker's mount namespace");
        }

        if (mount.Type is "nfs" or "nfs4" or "cifs" or "smb3" or "9p" or "ceph" or "afs" or ['f', 'u', 's', 'e', ..])
        {
            return new(BrokerCode.CannotBeMapped, $"it lies on {mount.Type}: whoever serves it could keep the broker waiting");
        }

        if (mount.IsIdMapped)
        {
            return new(BrokerCode.CannotBeMapped, $"the mount {mount.MountPoint} that it lies on is mapped already");
        }

        Sys.Statx(file, "\0"u8, out FileStat stat).OrThrow("statx");
        isDirectory = stat.IsDirectory;
        return !stat.IsDirectory && !stat.IsRegular ? new(BrokerCode.BadDescriptors, "the first descriptor is neither a directory nor a regular file")
            : mounts.Below(mount, path).FirstOrDefault() is { } below ? new(BrokerCode.MountsBelow, $"{below.MountPoint} is mounted below it, and a copy without it would uncover what it hides")
            : null;
    }

    private BrokerRefusal? Make(BrokerRequest request, SafeFd file, bool isDirectory, out SafeFd? mount)
    {
        mount = null;
        SysResult cloned = Sys.OpenTreeClone(file, recursive: false);
        if (!cloned.Ok)
        {
            return new(BrokerCode.CannotBeMapped, $"open_tree: {cloned.Errno} ({cloned.Errno.Describe()})");
        }

        using SafeFd tree = new(cloned.Int);
        // Private: as a peer of the host's mount it would carry what the container mounts below it back to the host.
        SysResult mapped = Sys.MountSetattr(tree, recursive: false, new MountChange(Forced, Propagation: MountFlags.MS_PRIVATE, UserNamespace: _namespaces.With(request.Uids, request.Gids)));
        if (!mapped.Ok)
        {
            return new(BrokerCode.CannotBeMapped, mapped.Errno switch
            {
                Errno.EINVAL => "its file system cannot be ID-mapped by this kernel",
                Errno.EPERM => "its mount is mapped already, or belongs to another user namespace",
                _ => $"mount_setattr: {mapped.Errno} ({mapped.Errno.Describe()})",
            });
        }

        SafeFd copy = locked.Lock(tree, isDirectory);
        // Attaching made it a peer or a slave of what it was attached to.
        SysResult alone = Sys.MountSetattr(copy, recursive: false, new MountChange(0, Propagation: MountFlags.MS_PRIVATE));
        if (!alone.Ok)
        {
            copy.Dispose();
            return new(BrokerCode.Failed, $"mount_setattr: {alone.Errno} ({alone.Errno.Describe()})");
        }

        mount = copy;
        return null;
    }

    /// <summary>The mount that a descriptor lies on: what statx(2) would say, by fdinfo, without asking the file system.</summary>
    private static ulong? MountId(SafeFd fd)
    {
        const string Key = "mnt_id:\t";
        string info = SmallFile.Read($"/proc/self/fdinfo/{fd.Number}") ?? "";
        int at = info.IndexOf(Key, StringComparison.Ordinal);
        int end = at < 0 ? -1 : info.IndexOf('\n', at);
        return end >= 0 && ulong.TryParse(info.AsSpan()[(at + Key.Length)..end], NumberStyles.None, CultureInfo.InvariantCulture, out ulong id) ? id : null;
    }

    private static string Link(SafeFd fd) => Link(fd.ProcPath);

    private static string Link(string path)
    {
        Span<byte> target = stackalloc byte[4096];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes(path + '\0'), target);
        return read.Ok ? Encoding.UTF8.GetString(target[..read.Int]) : "";
    }
}
