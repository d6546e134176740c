using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Launch;

/// <summary>Makes the ID-mapped mounts that csrun sends to the child: only root of the host's user namespace may.</summary>
/// <remarks>mount_setattr(2), MOUNT_ATTR_IDMAP, since Linux 5.12.</remarks>
internal static class IdMappedMounts
{
    public static SafeFd Make(IdMappedMount mount, int childPid)
    {
        SafeFd tree = Sys.OpenTreeClone(mount.Source, mount.Recursive).FdOrThrow("open_tree", mount.Source);
        try
        {
            using SafeFd userns = mount.Uid is { } uid && mount.Gid is { } gid ? NamespaceWith(uid, gid) : NamespaceOf(childPid);
            MountAttr attributes = MountAttr.MOUNT_ATTR_IDMAP | (mount.ReadOnly ? MountAttr.MOUNT_ATTR_RDONLY : 0);
            SysResult mapped = Sys.MountSetattr(tree, mount.MapBelow, attributes, userns);
            return mapped.Ok ? tree : throw new KernelException("mount_setattr(MOUNT_ATTR_IDMAP)", mount.Source, mapped.Errno, Why(mapped.Errno, mount));
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static SafeFd NamespaceOf(int pid)
    {
        string path = $"/proc/{pid}/ns/user";
        return Sys.Openat2(null, path, OpenFlags.O_RDONLY).FdOrThrow("openat2", path);
    }

    /// <summary>A user namespace with these maps and no process: one is made for a moment, to be taken hold of.</summary>
    private static SafeFd NamespaceWith(ImmutableArray<IdMapping> uid, ImmutableArray<IdMapping> gid)
    {
        using ControlSocket control = new();
        using RawProgram program = new();
        FdSlot slot = new(0, "control");
        program.SetSlot(slot, control.Child.Number);
        // The process does nothing but wait until csrun closes its end. It must not hold that end itself, or it would outlive a csrun that is killed.
        program.Call(Syscall.dup3, [slot, Plan.Planning.PlanContext.ControlFd, OpenFlags.O_CLOEXEC.ForKernel()], slot);
        program.Call(Syscall.close_range, [Plan.Planning.PlanContext.ControlFd + 1, uint.MaxValue, 0]);
        program.ReceiveBarrier(slot, []);
        ClonedChild child = ClonedChild.Start(program, control, Plan.Planning.PlanContext.ControlFd, CloneFlags.CLONE_NEWUSER);
        using SafeFd pidfd = child.PidFd;
        try
        {
            IdMapWriter.Write(new WriteIdMapsOp(uid, gid, MapWriterKind.Direct, DenySetgroups: false), child.Pid);
            return NamespaceOf(child.Pid);
        }
        finally
        {
            Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
            Sys.WaitidPidfd(pidfd);
        }
    }

    private static string? Why(Errno errno, IdMappedMount mount) => errno switch
    {
        Errno.EINVAL => $"the file system of \"{mount.Source}\" does not support ID-mapped mounts, or this mount is mapped already",
        Errno.EPERM => "only root of the host's user namespace may ID-map mounts of its file systems",
        _ => null,
    };
}
