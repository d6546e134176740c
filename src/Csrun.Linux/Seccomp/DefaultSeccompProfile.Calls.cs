namespace Csrun.Linux.Seccomp;

// The calls of the default profile by what they are for. Names of other architectures' spellings (stat64, chown32,
// utimensat_time64) stand beside the modern ones: libseccomp takes each where it exists.
public static partial class DefaultSeccompProfile
{
    /// <summary>Open files and read, write, copy and close them.</summary>
    private const string FileContent = """
        open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 flock ioctl
        read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek _llseek
        sendfile sendfile64 copy_file_range splice tee vmsplice readahead
        fadvise64 fadvise64_64 fallocate truncate truncate64 ftruncate ftruncate64
        sync syncfs fsync fdatasync sync_file_range cachestat
        """;

    /// <summary>Look files up and change names, owners, modes and times.</summary>
    private const string FileTree = """
        access faccessat faccessat2 chdir fchdir getcwd umask
        stat stat64 lstat lstat64 fstat fstat64 fstatat64 newfstatat statx statfs statfs64 fstatfs fstatfs64
        chmod fchmod fchmodat fchmodat2 chown chown32 fchown fchown32 fchownat lchown lchown32
        link linkat symlink symlinkat readlink readlinkat unlink unlinkat rename renameat renameat2
        mkdir mkdirat rmdir mknod mknodat getdents getdents64 name_to_handle_at
        utime utimes futimesat utimensat utimensat_time64 listmount statmount
        getxattr lgetxattr fgetxattr getxattrat setxattr lsetxattr fsetxattr setxattrat
        listxattr llistxattr flistxattr listxattrat removexattr lremovexattr fremovexattr removexattrat
        inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_mark
        """;

    /// <summary>Memory.</summary>
    private const string Memory = """
        brk mmap mmap2 munmap mremap mprotect madvise mincore msync remap_file_pages
        mlock mlock2 mlockall munlock munlockall mseal map_shadow_stack memfd_create memfd_secret membarrier
        pkey_alloc pkey_free pkey_mprotect process_mrelease shmget shmat shmctl shmdt
        """;

    /// <summary>Processes and threads: start, wait, end, and what they may use.</summary>
    private const string Processes = """
        fork vfork execve execveat exit exit_group wait4 waitid waitpid
        getpid getppid gettid getpgid getpgrp getsid setpgid setsid set_tid_address
        set_thread_area get_thread_area set_robust_list get_robust_list rseq restart_syscall uretprobe
        futex futex_time64 futex_wait futex_wake futex_waitv futex_requeue
        prctl seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self
        getpriority setpriority ioprio_get ioprio_set getrlimit setrlimit ugetrlimit prlimit64 getrusage times
        sched_yield sched_getaffinity sched_setaffinity sched_getattr sched_setattr sched_getparam sched_setparam
        sched_getscheduler sched_setscheduler sched_get_priority_max sched_get_priority_min
        sched_rr_get_interval sched_rr_get_interval_time64 getcpu uname sysinfo getrandom riscv_hwprobe
        pidfd_open pidfd_send_signal
        """;

    /// <summary>IDs and capabilities.</summary>
    private const string Ids = """
        getuid getuid32 geteuid geteuid32 getgid getgid32 getegid getegid32 getgroups getgroups32
        getresuid getresuid32 getresgid getresgid32 setuid setuid32 setgid setgid32 setgroups setgroups32
        setreuid setreuid32 setregid setregid32 setresuid setresuid32 setresgid setresgid32
        setfsuid setfsuid32 setfsgid setfsgid32 capget capset
        """;

    /// <summary>Signals.</summary>
    private const string Signals = """
        kill tkill tgkill pause alarm sigaltstack sigprocmask sigreturn signalfd signalfd4
        rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
        rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
        """;

    /// <summary>Clocks and timers. Setting a clock stays with CAP_SYS_TIME, which the kernel asks of adjtimex too.</summary>
    private const string Time = """
        time gettimeofday clock_gettime clock_gettime64 clock_getres clock_getres_time64
        clock_nanosleep clock_nanosleep_time64 nanosleep adjtimex clock_adjtime clock_adjtime64
        getitimer setitimer timer_create timer_delete timer_getoverrun
        timer_gettime timer_gettime64 timer_settime timer_settime64
        timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime timerfd_settime64
        """;

    /// <summary>Pipes, polling, asynchronous I/O and System V and POSIX queues.</summary>
    private const string Waiting = """
        pipe pipe2 eventfd eventfd2 poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64
        epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_wait epoll_wait_old epoll_pwait epoll_pwait2
        io_setup io_submit io_cancel io_destroy io_getevents io_pgetevents io_pgetevents_time64
        ipc msgget msgctl msgrcv msgsnd semget semctl semop semtimedop semtimedop_time64
        mq_open mq_unlink mq_notify mq_getsetattr mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64
        """;

    /// <summary>Sockets, but for making one, which depends on the family.</summary>
    private const string Sockets = """
        socketcall socketpair bind listen accept accept4 connect shutdown
        getsockname getpeername getsockopt setsockopt
        send sendto sendmsg sendmmsg recv recvfrom recvmsg recvmmsg recvmmsg_time64
        """;

    /// <summary>What only arm and arm64 have.</summary>
    private const string Arm = "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls";

    /// <summary>With CAP_SYS_ADMIN: mounts, namespaces, quotas, host names.</summary>
    private const string Administration = """
        mount umount umount2 mount_setattr move_mount open_tree fsopen fsconfig fsmount fspick
        clone clone3 unshare setns sethostname setdomainname quotactl quotactl_fd
        bpf perf_event_open fanotify_init lookup_dcookie syslog
        lsm_get_self_attr lsm_set_self_attr lsm_list_modules
        """;
}
