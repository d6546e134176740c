using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Runtime.Mounts;

namespace Csrun.Runtime.Launch;

/// <summary>Makes user namespaces within the container's, which only carry maps.</summary>
/// <remarks>Two processes of a moment: one makes the namespace, the other, which is in the container's user namespace and so has
/// CAP_SETUID and CAP_SETGID over it, writes its maps (user_namespaces(7)). csrun itself is in neither.</remarks>
internal static class NestedNamespaces
{
    /// <summary>Makes one.</summary>
    /// <param name="nested">Its maps.</param>
    /// <param name="childPid">A process of the container's user namespace, whose maps are written.</param>
    /// <exception cref="KernelException">A step failed.</exception>
    public static SafeFd Make(NestedUserNamespace nested, int childPid)
    {
        using SafeFd container = UserNamespaces.Of(childPid);
        if (UserNamespaces.IsOwn(container))
        {
            // A container without a user namespace of its own: its file systems are the host's, and csrun is root of it.
            return UserNamespaces.With(new IdMapPair(new IdMap(nested.Uid), new IdMap(nested.Gid)));
        }

        using ControlSocket control = new();
        using RawProgram program = new();
        FdSlot ns = new(0, "userns"), socket = new(1, "control");
        program.SetSlot(ns, container.Number);
        program.SetSlot(socket, control.Child.Number);
        program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL]);
        program.Call(Syscall.setns, [ns, (long)CloneFlags.CLONE_NEWUSER]);
        // Who makes a user namespace needs a name in the one around it, which the caller may not have: one of the IDs that are mapped.
        long uid = nested.Uid[0].HostId, gid = nested.Gid[0].HostId;
        program.Call(Syscall.setresgid, [gid, gid, gid]);
        program.Call(Syscall.setresuid, [uid, uid, uid]);
        program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_DUMPABLE, 1]); // the change of user made /proc/PID root's of the host
        program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL]);
        program.Call(Syscall.unshare, [(long)CloneFlags.CLONE_NEWUSER]);
        program.SendFd(socket, ns); // says that the namespace is there
        program.ReceiveBarrier(socket, []);
        ClonedChild holder = ClonedChild.Start(program, control, control.Child.Number, 0);
        using SafeFd process = holder.PidFd;
        try
        {
            _ = control.Receive(out SafeFd? sign);
            sign?.Dispose();
            Check(program, "making a user namespace within the container's");
            Write(container, holder.Pid, nested);
            return UserNamespaces.Of(holder.Pid);
        }
        finally
        {
            Sys.PidfdSendSignal(process, Signal.SIGKILL);
            Sys.WaitidPidfd(process);
        }
    }

    private static void Write(SafeFd container, int pid, NestedUserNamespace nested)
    {
        using ControlSocket control = new();
        using RawProgram program = new();
        FdSlot ns = new(0, "userns"), gids = new(1, "gid_map"), uids = new(2, "uid_map");
        program.SetSlot(ns, container.Number);
        program.Call(Syscall.prctl, [(long)PrctlOption.PR_SET_PDEATHSIG, (long)Signal.SIGKILL]);
        program.Call(Syscall.setns, [ns, (long)CloneFlags.CLONE_NEWUSER]);
        foreach ((string file, IdMap map, FdSlot slot) in ((string, IdMap, FdSlot)[])[("gid_map", new IdMap(nested.Gid), gids), ("uid_map", new IdMap(nested.Uid), uids)])
        {
            string text = map.ToWriteText();
            program.Call(Syscall.openat, [Arg.Cwd, (long)program.Utf8($"/proc/{pid}/{file}"), (long)(uint)(OpenFlags.O_WRONLY | OpenFlags.O_CLOEXEC).ForKernel(), 0], slot);
            program.Call(Syscall.write, [slot, (long)program.Utf8(text), text.Length]);
        }

        ClonedChild writer = ClonedChild.Start(program, control, control.Child.Number, 0);
        using SafeFd process = writer.PidFd;
        _ = control.Receive(out SafeFd? none); // end of file, or the report of a failure
        none?.Dispose();
        Sys.PidfdSendSignal(process, Signal.SIGKILL);
        Sys.WaitidPidfd(process);
        Check(program, "writing the maps of a user namespace within the container's");
    }

    private static void Check(RawProgram program, string what)
    {
        if (program.Failure is { } failure)
        {
            throw new KernelException(what, null, failure.Errno, $"call {failure.Op + 1} of {program.Count} of the process that does it failed");
        }
    }
}
