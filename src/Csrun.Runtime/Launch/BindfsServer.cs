using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.Mounts;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Runtime.Broker;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Launch;

/// <summary>A bindfs(1) process of the caller's that serves one volume, and the mount of it for the container; both end with this object.</summary>
/// <remarks>
/// It runs in the container's user namespace, so that the container's processes may use the mount (fuse(4), allow_other), and
/// there still as the caller, whom that namespace has no name for: the files are the caller's to open. The only capability
/// it has is CAP_SYS_ADMIN of that namespace, for mount(2); with no_new_privs no set-user-ID helper of FUSE is run.
/// </remarks>
internal sealed class BindfsServer : IDisposable
{
    private const long Patience = 5_000;

    private readonly SafeFd _process;

    private BindfsServer(SafeFd process, SafeFd mount)
    {
        _process = process;
        Mount = mount;
    }

    /// <summary>The detached mount.</summary>
    public SafeFd Mount { get; }

    /// <summary>Starts bindfs and waits until it has mounted.</summary>
    /// <param name="volume">What to serve.</param>
    /// <param name="childPid">A process of the container's user namespace, whose maps are written.</param>
    /// <exception cref="CsrunException">It cannot be started, or it ended; what bindfs says itself goes to standard error.</exception>
    public static BindfsServer Start(BindfsVolume volume, int childPid)
    {
        using SafeFd source = DetachedMounts.Open(volume.Source);
        using SafeFd userns = UserNamespaces.Of(childPid);
        string path = MountTable.PathOf(source);
        (int pid, SafeFd process) = Exec(volume, path, userns);
        try
        {
            AwaitMount(pid, process, path, volume);
            return new BindfsServer(process, Copy(pid, userns, path));
        }
        catch
        {
            End(process);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Mount.Dispose();
        End(_process);
    }

    private static void End(SafeFd process)
    {
        Sys.PidfdSendSignal(process, Signal.SIGKILL);
        Sys.WaitidPidfd(process);
        process.Dispose();
    }

    private static (int Pid, SafeFd PidFd) Exec(BindfsVolume volume, string path, SafeFd userns)
    {
        using ControlSocket control = new();
        using RawProgram program = new();
        FdSlot ns = new(0, "userns"), nothing = new(1, "/dev/null");
        program.SetSlot(ns, userns.Number);
        program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL]);
        program.Call(Syscall.openat, [Arg.Cwd, (long)program.Utf8("/dev/null"), (long)(uint)(OpenFlags.O_RDWR | OpenFlags.O_CLOEXEC).ForKernel(), 0], nothing);
        program.Call(Syscall.setns, [ns, (long)CloneFlags.CLONE_NEWUSER]);
        program.Call(Syscall.unshare, [(long)CloneFlags.CLONE_NEWNS]);
        program.Call(Syscall.mount, [0, (long)program.Utf8("/"), 0, (long)(MountFlags.MS_REC | MountFlags.MS_PRIVATE), 0]);
        foreach (KernelOp op in (KernelOp[])[new CapsetOp(Admin, Admin, Admin), new AmbientCapabilityOp(Capability.CAP_SYS_ADMIN), new PrctlOp(PrctlOption.PR_SET_NO_NEW_PRIVS, 1, "1"), PrctlOp.DieWithCsrun])
        {
            op.Lower(program);
        }

        program.Call(Syscall.dup3, [nothing, 0, 0]);
        program.Call(Syscall.dup3, [nothing, 1, 0]);
        program.Call(Syscall.close_range, [3, uint.MaxValue, 4]); // CLOSE_RANGE_CLOEXEC (Linux 5.11)
        new ResetSignalsOp(Sys.IgnoredSignals()).Lower(program);
        new ExecveOp([volume.Program], Arguments(volume, path), ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"]).Lower(program);
        ClonedChild child = ClonedChild.Start(program, control, control.Child.Number, 0);
        _ = control.Receive(out SafeFd? none); // end of file: it is bindfs now
        none?.Dispose();
        if (program.Failure is { } failure)
        {
            End(child.PidFd);
            throw new KernelException($"starting {volume.Program}", null, failure.Errno, $"call {failure.Op + 1} of {program.Count} of its process failed");
        }

        return (child.Pid, child.PidFd);
    }

    private static ulong Admin => 1UL << (int)Capability.CAP_SYS_ADMIN;

    // Mounted over its own source, in a mount namespace of its own: no other directory is needed, and nobody else sees it.
    private static System.Collections.Immutable.ImmutableArray<string> Arguments(BindfsVolume volume, string path) =>
    [
        "bindfs", "-f", "-o", "allow_other,nonempty,nosuid,nodev",
        "-u", volume.Uid.ToString(CultureInfo.InvariantCulture), "-g", volume.Gid.ToString(CultureInfo.InvariantCulture),
        "--chown-deny", "--chgrp-deny", path, path,
    ];

    private static void AwaitMount(int pid, SafeFd process, string path, BindfsVolume volume)
    {
        for (long end = Environment.TickCount64 + Patience; Environment.TickCount64 < end;)
        {
            PollFd[] ended = [new PollFd(process.Number, 1, 0)];
            if (Sys.Ppoll(ended, milliseconds: 2) is { Ok: true, Int: > 0 })
            {
                throw new CsrunException($"bindfs ended before it served \"{volume.Source}\"", "it says why above", $"{volume.Program} --version");
            }

            foreach (MountEntry mount in MountTable.Read(pid.ToString(CultureInfo.InvariantCulture))?.Entries ?? [])
            {
                if (mount.MountPoint == path && mount.Type.StartsWith("fuse", StringComparison.Ordinal))
                {
                    return;
                }
            }
        }

        throw new CsrunException($"bindfs did not serve \"{volume.Source}\"", $"it had not mounted after {Patience / 1000} seconds", $"{volume.Program} --version");
    }

    /// <summary>A detached copy of the mount, made by a process of a moment in bindfs's own mount namespace.</summary>
    private static SafeFd Copy(int pid, SafeFd userns, string path)
    {
        string file = $"/proc/{pid}/ns/mnt";
        using SafeFd mounts = Sys.Openat2(null, file, OpenFlags.O_RDONLY).FdOrThrow("openat2", file);
        using MomentaryProcess run = new();
        FdSlot user = run.Inherited(userns), mount = run.Inherited(mounts), copy = run.NewSlot();
        run.Program.Call(Syscall.setns, [user, (long)CloneFlags.CLONE_NEWUSER]);
        run.Program.Call(Syscall.setns, [mount, (long)CloneFlags.CLONE_NEWNS]);
        run.Program.Call(Syscall.open_tree, [Arg.Cwd, (long)run.Program.Utf8(path), (long)(OpenTreeFlags.OPEN_TREE_CLONE | OpenTreeFlags.OPEN_TREE_CLOEXEC)], copy);
        run.Program.SendFd(run.Control, copy);
        return run.Start(0, "copying the mount of bindfs");
    }
}
