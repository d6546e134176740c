using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Broker;

/// <summary>Makes a detached mount such that its new owner cannot take its attributes away.</summary>
/// <remarks>
/// A descriptor alone does not: whoever attaches a detached mount in a mount namespace of a user namespace of his own may clear
/// nosuid, nodev and read-only on it there (seen on Linux 6.18). The kernel locks attributes when it copies mounts into a mount namespace of
/// another user namespace (lock_mnt_tree, mount_namespaces(7)); a copy of a locked mount is locked, too. So a process of a
/// moment attaches the mount in a mount namespace of two mounts, copies that namespace into a user namespace of its own, and
/// takes a detached copy there, which goes out.
/// </remarks>
internal sealed class LockedMounts : IDisposable
{
    private readonly SafeFd _namespace;

    /// <summary>Makes the small mount namespace: a root in memory with a directory and a file to mount on.</summary>
    public LockedMounts() => _namespace = MakeNamespace();

    /// <summary>A locked copy of a detached mount. The mount given is used up by it.</summary>
    /// <param name="tree">The detached mount, ready but for the locks.</param>
    /// <param name="isDirectory">Whether its root is a directory; a file otherwise.</param>
    /// <exception cref="KernelException">A system call of the process failed.</exception>
    public SafeFd Lock(SafeFd tree, bool isDirectory)
    {
        using MomentaryProcess run = new();
        RawProgram program = run.Program;
        FdSlot ns = run.Inherited(_namespace);
        FdSlot mount = run.Inherited(tree);
        FdSlot target = run.NewSlot();
        FdSlot copy = run.NewSlot();
        string path = isDirectory ? "/d" : "/f";
        nint empty = program.Utf8("");
        nint name = program.Utf8(path);
        program.Call(Syscall.setns, [ns, (long)CloneFlags.CLONE_NEWNS]);
        program.Call(Syscall.unshare, [(long)CloneFlags.CLONE_NEWNS]);
        program.Call(Syscall.openat, [Arg.Cwd, (long)name, (long)(uint)(OpenFlags.O_PATH | OpenFlags.O_CLOEXEC).ForKernel(), 0], target);
        program.Call(Syscall.move_mount, [mount, (long)empty, target, (long)empty, (long)(MoveMountFlags.MOVE_MOUNT_F_EMPTY_PATH | MoveMountFlags.MOVE_MOUNT_T_EMPTY_PATH)]);
        program.Call(Syscall.unshare, [(long)(CloneFlags.CLONE_NEWUSER | CloneFlags.CLONE_NEWNS)]);
        program.Call(Syscall.open_tree, [Arg.Cwd, (long)name, (long)(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC)], copy);
        program.SendFd(run.Control, copy);
        return run.Start(0, "locking the mount's attributes");
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
        program.SendFd(run.Control, ns);
        return run.Start(CloneFlags.CLONE_NEWNS, "making a mount namespace");
    }

    /// <inheritdoc/>
    public void Dispose() => _namespace.Dispose();
}
