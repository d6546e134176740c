using System.Runtime.InteropServices;

namespace Csrun.Linux.Abi;

/// <summary>A system call of this machine's architecture; members keep their man-page names.</summary>
/// <remarks>syscall(2). The numbers come from <c>Syscall.X64.cs</c> and <c>Syscall.Arm64.cs</c>.</remarks>
#pragma warning disable CS1591 // each member is the call of section 2 of the manual that has its name
public readonly record struct Syscall(int Number, string Name)
{
    public static Syscall read => new(Pick(SyscallX64.read, SyscallArm64.read), nameof(read));
    public static Syscall write => new(Pick(SyscallX64.write, SyscallArm64.write), nameof(write));
    public static Syscall close => new(Pick(SyscallX64.close, SyscallArm64.close), nameof(close));
    public static Syscall lseek => new(Pick(SyscallX64.lseek, SyscallArm64.lseek), nameof(lseek));
    public static Syscall mmap => new(Pick(SyscallX64.mmap, SyscallArm64.mmap), nameof(mmap));
    public static Syscall mprotect => new(Pick(SyscallX64.mprotect, SyscallArm64.mprotect), nameof(mprotect));
    public static Syscall munmap => new(Pick(SyscallX64.munmap, SyscallArm64.munmap), nameof(munmap));
    public static Syscall rt_sigaction => new(Pick(SyscallX64.rt_sigaction, SyscallArm64.rt_sigaction), nameof(rt_sigaction));
    public static Syscall rt_sigprocmask => new(Pick(SyscallX64.rt_sigprocmask, SyscallArm64.rt_sigprocmask), nameof(rt_sigprocmask));
    public static Syscall rt_sigtimedwait => new(Pick(SyscallX64.rt_sigtimedwait, SyscallArm64.rt_sigtimedwait), nameof(rt_sigtimedwait));
    public static Syscall ioctl => new(Pick(SyscallX64.ioctl, SyscallArm64.ioctl), nameof(ioctl));
    public static Syscall dup3 => new(Pick(SyscallX64.dup3, SyscallArm64.dup3), nameof(dup3));
    public static Syscall pipe2 => new(Pick(SyscallX64.pipe2, SyscallArm64.pipe2), nameof(pipe2));
    public static Syscall nanosleep => new(Pick(SyscallX64.nanosleep, SyscallArm64.nanosleep), nameof(nanosleep));
    public static Syscall getpid => new(Pick(SyscallX64.getpid, SyscallArm64.getpid), nameof(getpid));
    public static Syscall socket => new(Pick(SyscallX64.socket, SyscallArm64.socket), nameof(socket));
    public static Syscall socketpair => new(Pick(SyscallX64.socketpair, SyscallArm64.socketpair), nameof(socketpair));
    public static Syscall connect => new(Pick(SyscallX64.connect, SyscallArm64.connect), nameof(connect));
    public static Syscall bind => new(Pick(SyscallX64.bind, SyscallArm64.bind), nameof(bind));
    public static Syscall listen => new(Pick(SyscallX64.listen, SyscallArm64.listen), nameof(listen));
    public static Syscall accept4 => new(Pick(SyscallX64.accept4, SyscallArm64.accept4), nameof(accept4));
    public static Syscall getsockopt => new(Pick(SyscallX64.getsockopt, SyscallArm64.getsockopt), nameof(getsockopt));
    public static Syscall setsockopt => new(Pick(SyscallX64.setsockopt, SyscallArm64.setsockopt), nameof(setsockopt));
    public static Syscall sendmsg => new(Pick(SyscallX64.sendmsg, SyscallArm64.sendmsg), nameof(sendmsg));
    public static Syscall recvmsg => new(Pick(SyscallX64.recvmsg, SyscallArm64.recvmsg), nameof(recvmsg));
    public static Syscall wait4 => new(Pick(SyscallX64.wait4, SyscallArm64.wait4), nameof(wait4));
    public static Syscall waitid => new(Pick(SyscallX64.waitid, SyscallArm64.waitid), nameof(waitid));
    public static Syscall kill => new(Pick(SyscallX64.kill, SyscallArm64.kill), nameof(kill));
    public static Syscall getpgid => new(Pick(SyscallX64.getpgid, SyscallArm64.getpgid), nameof(getpgid));
    public static Syscall fcntl => new(Pick(SyscallX64.fcntl, SyscallArm64.fcntl), nameof(fcntl));
    public static Syscall flock => new(Pick(SyscallX64.flock, SyscallArm64.flock), nameof(flock));
    public static Syscall ftruncate => new(Pick(SyscallX64.ftruncate, SyscallArm64.ftruncate), nameof(ftruncate));
    public static Syscall getcwd => new(Pick(SyscallX64.getcwd, SyscallArm64.getcwd), nameof(getcwd));
    public static Syscall chdir => new(Pick(SyscallX64.chdir, SyscallArm64.chdir), nameof(chdir));
    public static Syscall fchdir => new(Pick(SyscallX64.fchdir, SyscallArm64.fchdir), nameof(fchdir));
    public static Syscall fchmod => new(Pick(SyscallX64.fchmod, SyscallArm64.fchmod), nameof(fchmod));
    public static Syscall fchown => new(Pick(SyscallX64.fchown, SyscallArm64.fchown), nameof(fchown));
    public static Syscall fchownat => new(Pick(SyscallX64.fchownat, SyscallArm64.fchownat), nameof(fchownat));
    public static Syscall fchmodat => new(Pick(SyscallX64.fchmodat, SyscallArm64.fchmodat), nameof(fchmodat));
    public static Syscall umask => new(Pick(SyscallX64.umask, SyscallArm64.umask), nameof(umask));
    public static Syscall getuid => new(Pick(SyscallX64.getuid, SyscallArm64.getuid), nameof(getuid));
    public static Syscall getgid => new(Pick(SyscallX64.getgid, SyscallArm64.getgid), nameof(getgid));
    public static Syscall geteuid => new(Pick(SyscallX64.geteuid, SyscallArm64.geteuid), nameof(geteuid));
    public static Syscall getegid => new(Pick(SyscallX64.getegid, SyscallArm64.getegid), nameof(getegid));
    public static Syscall getgroups => new(Pick(SyscallX64.getgroups, SyscallArm64.getgroups), nameof(getgroups));
    public static Syscall setgroups => new(Pick(SyscallX64.setgroups, SyscallArm64.setgroups), nameof(setgroups));
    public static Syscall setresuid => new(Pick(SyscallX64.setresuid, SyscallArm64.setresuid), nameof(setresuid));
    public static Syscall setresgid => new(Pick(SyscallX64.setresgid, SyscallArm64.setresgid), nameof(setresgid));
    public static Syscall setsid => new(Pick(SyscallX64.setsid, SyscallArm64.setsid), nameof(setsid));
    public static Syscall getsid => new(Pick(SyscallX64.getsid, SyscallArm64.getsid), nameof(getsid));
    public static Syscall setpgid => new(Pick(SyscallX64.setpgid, SyscallArm64.setpgid), nameof(setpgid));
    public static Syscall getppid => new(Pick(SyscallX64.getppid, SyscallArm64.getppid), nameof(getppid));
    public static Syscall capget => new(Pick(SyscallX64.capget, SyscallArm64.capget), nameof(capget));
    public static Syscall capset => new(Pick(SyscallX64.capset, SyscallArm64.capset), nameof(capset));
    public static Syscall sethostname => new(Pick(SyscallX64.sethostname, SyscallArm64.sethostname), nameof(sethostname));
    public static Syscall setdomainname => new(Pick(SyscallX64.setdomainname, SyscallArm64.setdomainname), nameof(setdomainname));
    public static Syscall prlimit64 => new(Pick(SyscallX64.prlimit64, SyscallArm64.prlimit64), nameof(prlimit64));
    public static Syscall pivot_root => new(Pick(SyscallX64.pivot_root, SyscallArm64.pivot_root), nameof(pivot_root));
    public static Syscall prctl => new(Pick(SyscallX64.prctl, SyscallArm64.prctl), nameof(prctl));
    public static Syscall clock_gettime => new(Pick(SyscallX64.clock_gettime, SyscallArm64.clock_gettime), nameof(clock_gettime));
    public static Syscall mount => new(Pick(SyscallX64.mount, SyscallArm64.mount), nameof(mount));
    public static Syscall umount2 => new(Pick(SyscallX64.umount2, SyscallArm64.umount2), nameof(umount2));
    public static Syscall openat => new(Pick(SyscallX64.openat, SyscallArm64.openat), nameof(openat));
    public static Syscall mkdirat => new(Pick(SyscallX64.mkdirat, SyscallArm64.mkdirat), nameof(mkdirat));
    public static Syscall mknodat => new(Pick(SyscallX64.mknodat, SyscallArm64.mknodat), nameof(mknodat));
    public static Syscall unlinkat => new(Pick(SyscallX64.unlinkat, SyscallArm64.unlinkat), nameof(unlinkat));
    public static Syscall symlinkat => new(Pick(SyscallX64.symlinkat, SyscallArm64.symlinkat), nameof(symlinkat));
    public static Syscall linkat => new(Pick(SyscallX64.linkat, SyscallArm64.linkat), nameof(linkat));
    public static Syscall renameat2 => new(Pick(SyscallX64.renameat2, SyscallArm64.renameat2), nameof(renameat2));
    public static Syscall readlinkat => new(Pick(SyscallX64.readlinkat, SyscallArm64.readlinkat), nameof(readlinkat));
    public static Syscall statx => new(Pick(SyscallX64.statx, SyscallArm64.statx), nameof(statx));
    public static Syscall faccessat2 => new(Pick(SyscallX64.faccessat2, SyscallArm64.faccessat2), nameof(faccessat2));
    public static Syscall utimensat => new(Pick(SyscallX64.utimensat, SyscallArm64.utimensat), nameof(utimensat));
    public static Syscall getdents64 => new(Pick(SyscallX64.getdents64, SyscallArm64.getdents64), nameof(getdents64));
    public static Syscall setxattr => new(Pick(SyscallX64.setxattr, SyscallArm64.setxattr), nameof(setxattr));
    public static Syscall lsetxattr => new(Pick(SyscallX64.lsetxattr, SyscallArm64.lsetxattr), nameof(lsetxattr));
    public static Syscall fsetxattr => new(Pick(SyscallX64.fsetxattr, SyscallArm64.fsetxattr), nameof(fsetxattr));
    public static Syscall getxattr => new(Pick(SyscallX64.getxattr, SyscallArm64.getxattr), nameof(getxattr));
    public static Syscall lgetxattr => new(Pick(SyscallX64.lgetxattr, SyscallArm64.lgetxattr), nameof(lgetxattr));
    public static Syscall fgetxattr => new(Pick(SyscallX64.fgetxattr, SyscallArm64.fgetxattr), nameof(fgetxattr));
    public static Syscall unshare => new(Pick(SyscallX64.unshare, SyscallArm64.unshare), nameof(unshare));
    public static Syscall setns => new(Pick(SyscallX64.setns, SyscallArm64.setns), nameof(setns));
    public static Syscall ppoll => new(Pick(SyscallX64.ppoll, SyscallArm64.ppoll), nameof(ppoll));
    public static Syscall epoll_create1 => new(Pick(SyscallX64.epoll_create1, SyscallArm64.epoll_create1), nameof(epoll_create1));
    public static Syscall signalfd4 => new(Pick(SyscallX64.signalfd4, SyscallArm64.signalfd4), nameof(signalfd4));
    public static Syscall eventfd2 => new(Pick(SyscallX64.eventfd2, SyscallArm64.eventfd2), nameof(eventfd2));
    public static Syscall execve => new(Pick(SyscallX64.execve, SyscallArm64.execve), nameof(execve));
    public static Syscall execveat => new(Pick(SyscallX64.execveat, SyscallArm64.execveat), nameof(execveat));
    public static Syscall exit_group => new(Pick(SyscallX64.exit_group, SyscallArm64.exit_group), nameof(exit_group));
    public static Syscall clone => new(Pick(SyscallX64.clone, SyscallArm64.clone), nameof(clone));
    public static Syscall clone3 => new(Pick(SyscallX64.clone3, SyscallArm64.clone3), nameof(clone3));
    public static Syscall pidfd_open => new(Pick(SyscallX64.pidfd_open, SyscallArm64.pidfd_open), nameof(pidfd_open));
    public static Syscall pidfd_send_signal => new(Pick(SyscallX64.pidfd_send_signal, SyscallArm64.pidfd_send_signal), nameof(pidfd_send_signal));
    public static Syscall pidfd_getfd => new(Pick(SyscallX64.pidfd_getfd, SyscallArm64.pidfd_getfd), nameof(pidfd_getfd));
    public static Syscall close_range => new(Pick(SyscallX64.close_range, SyscallArm64.close_range), nameof(close_range));
    public static Syscall openat2 => new(Pick(SyscallX64.openat2, SyscallArm64.openat2), nameof(openat2));
    public static Syscall bpf => new(Pick(SyscallX64.bpf, SyscallArm64.bpf), nameof(bpf));
    public static Syscall open_tree => new(Pick(SyscallX64.open_tree, SyscallArm64.open_tree), nameof(open_tree));
    public static Syscall move_mount => new(Pick(SyscallX64.move_mount, SyscallArm64.move_mount), nameof(move_mount));
    public static Syscall fsopen => new(Pick(SyscallX64.fsopen, SyscallArm64.fsopen), nameof(fsopen));
    public static Syscall fsconfig => new(Pick(SyscallX64.fsconfig, SyscallArm64.fsconfig), nameof(fsconfig));
    public static Syscall fsmount => new(Pick(SyscallX64.fsmount, SyscallArm64.fsmount), nameof(fsmount));
    public static Syscall fspick => new(Pick(SyscallX64.fspick, SyscallArm64.fspick), nameof(fspick));
    public static Syscall mount_setattr => new(Pick(SyscallX64.mount_setattr, SyscallArm64.mount_setattr), nameof(mount_setattr));
    public static Syscall seccomp => new(Pick(SyscallX64.seccomp, SyscallArm64.seccomp), nameof(seccomp));
    public static Syscall memfd_create => new(Pick(SyscallX64.memfd_create, SyscallArm64.memfd_create), nameof(memfd_create));
    public static Syscall keyctl => new(Pick(SyscallX64.keyctl, SyscallArm64.keyctl), nameof(keyctl));
    public static Syscall personality => new(Pick(SyscallX64.personality, SyscallArm64.personality), nameof(personality));
    public static Syscall sched_setaffinity => new(Pick(SyscallX64.sched_setaffinity, SyscallArm64.sched_setaffinity), nameof(sched_setaffinity));
    public static Syscall gettid => new(Pick(SyscallX64.gettid, SyscallArm64.gettid), nameof(gettid));
    public static Syscall getrandom => new(Pick(SyscallX64.getrandom, SyscallArm64.getrandom), nameof(getrandom));
    public static Syscall statfs => new(Pick(SyscallX64.statfs, SyscallArm64.statfs), nameof(statfs));
    public static Syscall fstatfs => new(Pick(SyscallX64.fstatfs, SyscallArm64.fstatfs), nameof(fstatfs));
    public static Syscall fallocate => new(Pick(SyscallX64.fallocate, SyscallArm64.fallocate), nameof(fallocate));
    public static Syscall copy_file_range => new(Pick(SyscallX64.copy_file_range, SyscallArm64.copy_file_range), nameof(copy_file_range));
    public static Syscall sendfile => new(Pick(SyscallX64.sendfile, SyscallArm64.sendfile), nameof(sendfile));
    public static Syscall fsync => new(Pick(SyscallX64.fsync, SyscallArm64.fsync), nameof(fsync));
    public static Syscall sync_file_range => new(Pick(SyscallX64.sync_file_range, SyscallArm64.sync_file_range), nameof(sync_file_range));
    public static Syscall fchmodat2 => new(Pick(SyscallX64.fchmodat2, SyscallArm64.fchmodat2), nameof(fchmodat2));
    public static Syscall statmount => new(Pick(SyscallX64.statmount, SyscallArm64.statmount), nameof(statmount));
    public static Syscall listmount => new(Pick(SyscallX64.listmount, SyscallArm64.listmount), nameof(listmount));
    public static Syscall open_tree_attr => new(Pick(SyscallX64.open_tree_attr, SyscallArm64.open_tree_attr), nameof(open_tree_attr));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static int Pick(int x64, int arm64) =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? arm64 : x64;
}
#pragma warning restore CS1591
