using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;

namespace Csrun.Runtime.Mounts;

/// <summary>User namespaces as descriptors: those of processes, and new ones that only carry maps.</summary>
/// <remarks>user_namespaces(7).</remarks>
public static class UserNamespaces
{
    // PROC_USER_INIT_INO of linux/proc_ns.h.
    private const ulong InitialInode = 0xEFFFFFFD;

    /// <summary>The user namespace of a process.</summary>
    /// <param name="pid">Its PID.</param>
    /// <exception cref="KernelException">There is no such process, or this caller may not look at it.</exception>
    public static SafeFd Of(int pid) => Open($"/proc/{pid}/ns/user");

    /// <summary>The user namespace behind a path such as /proc/PID/ns/user, or one that is kept by a bind mount.</summary>
    /// <exception cref="CsrunException">There is none, or it is no user namespace.</exception>
    public static SafeFd Open(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY);
        SafeFd fd = opened.FdOrThrow("openat2", path, opened.Errno switch
        {
            Errno.ENOENT => path.StartsWith("/proc/", StringComparison.Ordinal) ? "there is no such process, or it has ended" : "the file does not exist",
            Errno.EACCES or Errno.EPERM => "the process belongs to another user, or protects itself (ptrace(2), \"Ptrace access mode checking\")",
            _ => null,
        });
        if (Sys.NsGetNstype(fd) is not { Ok: true, Int: (int)CloneFlags.CLONE_NEWUSER })
        {
            fd.Dispose();
            throw new CsrunException($"\"{path}\" is no user namespace", "only files such as /proc/PID/ns/user are", "name the file of a process: /proc/PID/ns/user");
        }

        return fd;
    }

    /// <summary>A new user namespace with these maps and no process in it: one is made for a moment, to be taken hold of.</summary>
    /// <param name="maps">Its maps; host IDs are of csrun's own user namespace.</param>
    /// <exception cref="CsrunException">The kernel refuses the namespace or the maps.</exception>
    public static SafeFd With(IdMapPair maps)
    {
        IdMapPair own = MapsOf("self") ?? new IdMapPair(IdMap.Identity, IdMap.Identity);
        maps = new IdMapPair(Fitting(maps.Uid, own.Uid, "user"), Fitting(maps.Gid, own.Gid, "group"));
        using ControlSocket control = new();
        using RawProgram program = new();
        FdSlot slot = new(0, "control");
        program.SetSlot(slot, control.Child.Number);
        // The process does nothing but wait until csrun closes its end. It must not hold that end itself, or it would outlive a csrun that is killed.
        program.Call(Syscall.dup3, [slot, PlanContext.ControlFd, OpenFlags.O_CLOEXEC.ForKernel()], slot);
        program.Call(Syscall.close_range, [PlanContext.ControlFd + 1, uint.MaxValue, 0]);
        program.ReceiveBarrier(slot, []);
        ClonedChild child;
        try
        {
            child = ClonedChild.Start(program, control, PlanContext.ControlFd, CloneFlags.CLONE_NEWUSER);
        }
        catch (KernelException e)
        {
            throw CloneFailure.Explain(e, CloneFlags.CLONE_NEWUSER);
        }

        using SafeFd pidfd = child.PidFd;
        try
        {
            IdMapWriter.Write(new WriteIdMapsOp(maps.Uid.Mappings, maps.Gid.Mappings, MapWriterKind.Direct, DenySetgroups: false), child.Pid);
            return Of(child.Pid);
        }
        finally
        {
            Sys.PidfdSendSignal(pidfd, Signal.SIGKILL);
            Sys.WaitidPidfd(pidfd);
        }
    }

    // A line whose host IDs lie in two lines of the parent namespace's map is refused with EPERM, as is one that has an ID of no line.
    private static IdMap Fitting(IdMap map, IdMap own, string kind)
    {
        foreach (IdMapping m in map.Mappings)
        {
            if (own.Holes(new IdRange(m.HostId, m.Size)) is [IdRange missing, ..])
            {
                throw new CsrunException(
                    $"the map {m}: {kind} {missing.Start} does not exist here",
                    $"csrun's own user namespace has the {kind} IDs {own.Abbreviated()} (inside, outside, how many)",
                    "csrun idmap show");
            }
        }

        return map.CutAt(own);
    }

    /// <summary>The maps of a process's user namespace, in IDs of csrun's own; null when it has ended.</summary>
    /// <param name="pid">The process: its PID, or <c>self</c>.</param>
    public static IdMapPair? MapsOf(string pid) =>
        SmallFile.Read($"/proc/{pid}/uid_map") is { } uid && SmallFile.Read($"/proc/{pid}/gid_map") is { } gid
            ? new IdMapPair(IdMap.ParseProcFile(uid), IdMap.ParseProcFile(gid))
            : null;

    /// <summary>Whether it is the host's first user namespace.</summary>
    public static bool IsInitial(SafeFd userns) => Inode(userns) == InitialInode;

    /// <summary>Whether it is csrun's own user namespace.</summary>
    public static bool IsOwn(SafeFd userns)
    {
        using SafeFd own = Open("/proc/self/ns/user");
        return Inode(own) == Inode(userns);
    }

    private static ulong Inode(SafeFd userns) => Sys.Statx(userns, "", out FileStat stat).Ok ? stat.ino : 0;
}
