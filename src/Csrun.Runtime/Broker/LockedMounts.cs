using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Broker;

/// <summary>Makes a detached mount such that its new owner cannot take its attributes away.</summary>
/// <remarks>
/// A descriptor alone does not: whoever attaches a detached mount in a mount namespace of a user namespace of his own may clear
/// nosuid, nodev and read-only on it there (seen on Linux 6.18). The kernel locks attributes when a mount comes into a mount namespace of
/// another user namespace (lock_mnt_tree, mount_namespaces(7)), by propagation too; a copy of a locked mount is locked as well. So
/// the broker attaches the mount in a small mount namespace whose root is shared, from where it shows, locked, in a second one that
/// belongs to another user namespace, and takes a detached copy there, which goes out. Both are kept: no process has to be made for a
/// request (ADR-0021).
/// </remarks>
internal sealed class LockedMounts : IDisposable
{
    private const string Directory = "/d";
    private const string File = "/f";

    private readonly SafeFd _home;
    private readonly SafeFd _above;
    private readonly SafeFd _below;
    private string? _attached;

    /// <summary>Makes the two mount namespaces: a root in memory with a directory and a file to mount on, and its copy in another user namespace.</summary>
    /// <remarks>From now on this thread has a root and a working directory of its own: setns(2) wants that.</remarks>
    public LockedMounts()
    {
        Sys.Unshare(CloneFlags.CLONE_FS).OrThrow("unshare");
        _home = Sys.Openat2(null, "/proc/thread-self/ns/mnt", OpenFlags.O_RDONLY).FdOrThrow("openat2", "/proc/thread-self/ns/mnt");
        _above = MakeNamespace();
        _below = MakeCopy(_above);
    }

    /// <summary>A locked copy of a detached mount. The mount given is used up by it.</summary>
    /// <param name="tree">The detached mount, ready but for the locks.</param>
    /// <param name="isDirectory">Whether its root is a directory; a file otherwise.</param>
    /// <exception cref="KernelException">A system call failed.</exception>
    public SafeFd Lock(SafeFd tree, bool isDirectory)
    {
        Clear();
        string path = isDirectory ? Directory : File;
        try
        {
            Enter(_above);
            using (SafeFd target = Open(path))
            {
                Sys.MoveMount(tree, target).OrThrow("move_mount", path);
            }

            _attached = path;
            Enter(_below);
            using SafeFd shown = Open(path);
            return Sys.OpenTreeClone(shown, recursive: false).FdOrThrow("open_tree", path);
        }
        finally
        {
            Return();
        }
    }

    /// <summary>Detaches what was attached last, in both namespaces. It can wait until the caller has its answer: the kernel waits in it for all processors.</summary>
    /// <exception cref="KernelException">A system call failed.</exception>
    public void Clear()
    {
        if (_attached is null)
        {
            return;
        }

        try
        {
            Enter(_above);
            Sys.Umount2(_attached, UmountFlags.MNT_DETACH | UmountFlags.UMOUNT_NOFOLLOW).OrThrow("umount2", _attached);
            _attached = null;
        }
        finally
        {
            Return();
        }
    }

    private static SafeFd Open(string path) => Sys.Openat2(null, path, OpenFlags.O_PATH).FdOrThrow("openat2", path);

    private static void Enter(SafeFd ns) => Sys.Setns(ns, CloneFlags.CLONE_NEWNS).OrThrow("setns");

    // Away from the host's mounts nothing could be judged any more: no failure of one request, but the broker's end.
    private void Return()
    {
        SysResult entered = Sys.Setns(_home, CloneFlags.CLONE_NEWNS);
        if (!entered.Ok)
        {
            throw new InvalidOperationException($"setns: {entered.Errno}: the broker cannot return to the host's mounts");
        }
    }

    private static SafeFd MakeNamespace()
    {
        using MomentaryProcess run = new();
        RawProgram program = run.Program;
        FdSlot context = run.NewSlot();
        FdSlot root = run.NewSlot();
        FdSlot ns = run.NewSlot();
        nint empty = program.Utf8("");
        nint dot = program.Utf8(".");
        // The namespace's own file, while there is a proc; unshare has been done by clone3.
        program.Call(Syscall.openat, [Arg.Cwd, (long)program.Utf8("/proc/thread-self/ns/mnt"), (long)(uint)(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC).ForKernel(), 0], ns);
        program.Call(Syscall.mount, [0, (long)program.Utf8("/"), 0, (long)(MountFlags.MS_REC | MountFlags.MS_PRIVATE), 0]);
        program.Call(Syscall.fsopen, [(long)program.Utf8("tmpfs"), 1], context);
        program.Call(Syscall.fsconfig, [context, (long)FsconfigCommand.FSCONFIG_SET_STRING, (long)program.Utf8("mode"), (long)program.Utf8("0755"), 0]);
        program.Call(Syscall.fsconfig, [context, (long)FsconfigCommand.FSCONFIG_CMD_CREATE, 0, 0, 0]);
        program.Call(Syscall.fsmount, [context, 1, (long)(MountAttr.MOUNT_ATTR_NOSUID | MountAttr.MOUNT_ATTR_NODEV | MountAttr.MOUNT_ATTR_NOEXEC)], root);
        program.Call(Syscall.mkdirat, [root, (long)program.Utf8("d"), 0x1c0]);
        program.Call(Syscall.mknodat, [root, (long)program.Utf8("f"), 0x8180, 0]);
        program.Call(Syscall.move_mount, [root, (long)empty, Arg.Cwd, (long)program.Utf8("/proc"), (long)MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH]);
        program.Call(Syscall.fchdir, [root]);
        program.Call(Syscall.pivot_root, [(long)dot, (long)dot]);
        program.Call(Syscall.umount2, [(long)dot, (long)UmountFlags.MNT_DETACH]);
        program.Call(Syscall.mount, [0, (long)program.Utf8("/"), 0, (long)MountFlags.MS_SHARED, 0]);
        program.SendFd(run.Control, ns);
        return run.Start(CloneFlags.CLONE_NEWNS, "making a mount namespace");
    }

    // What is mounted in a shared mount of the one shows in the other from now on, locked, as their user namespaces differ.
    private static SafeFd MakeCopy(SafeFd above)
    {
        using MomentaryProcess run = new();
        RawProgram program = run.Program;
        FdSlot proc = run.NewSlot();
        FdSlot ns = run.NewSlot();
        program.Call(Syscall.openat, [Arg.Cwd, (long)program.Utf8("/proc"), (long)(uint)(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC).ForKernel(), 0], proc);
        program.Call(Syscall.setns, [run.Inherited(above), (long)CloneFlags.CLONE_NEWNS]);
        program.Call(Syscall.unshare, [(long)(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWNS)]);
        program.Call(Syscall.openat, [proc, (long)program.Utf8("thread-self/ns/mnt"), (long)(uint)(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC).ForKernel(), 0], ns);
        program.SendFd(run.Control, ns);
        return run.Start(0, "making a mount namespace of another user namespace");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _home.Dispose();
        _above.Dispose();
        _below.Dispose();
    }
}
