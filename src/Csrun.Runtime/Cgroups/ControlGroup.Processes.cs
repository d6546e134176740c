using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Cgroups;

public sealed partial class ControlGroup
{
    private const int Patience = 2000; // milliseconds
    private const int FreezeToKill = 200; // milliseconds
    private const int DescriptorsAtOnce = 256;

    /// <summary>The processes in the group and the groups below it, as csrun's PID namespace numbers them.</summary>
    public IReadOnlyList<int> Processes()
    {
        SortedSet<int> pids = [];
        // Any hierarchy has them; version 2 last, because a container may have moved some in none but its own.
        foreach (CgroupDirectory directory in _directories)
        {
            Collect(directory.Fd, pids);
        }

        return [.. pids];
    }

    private static void Collect(SafeFd group, SortedSet<int> pids)
    {
        foreach (string line in (CgroupFiles.Read(group, "cgroup.procs") ?? "").Split('\n'))
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid > 0)
            {
                pids.Add(pid);
            }
        }

        foreach (string name in DirectoryNames.Of(group))
        {
            SysResult opened = CgroupFiles.Open(group, name);
            if (opened.Ok)
            {
                using SafeFd below = new(opened.Int);
                Collect(below, pids);
            }
        }
    }

    /// <summary>Whether freezing is possible: version 2, or version 1's freezer.</summary>
    public bool CanFreeze => Freezer is not null;

    /// <summary>Whether the group is frozen, or on the way to it.</summary>
    public bool IsFrozen => Freezer is { } freezer && (freezer.Group.IsV2
        ? CgroupFiles.Read(freezer.Fd, "cgroup.freeze") == "1"
        : CgroupFiles.Read(freezer.Fd, "freezer.state") is "FROZEN" or "FREEZING");

    /// <summary>Stops all processes of the group: cgroup.freeze (Linux 5.2), or version 1's freezer.</summary>
    /// <exception cref="CsrunException">It did not happen within two seconds; they are thawed again.</exception>
    public void Freeze()
    {
        CgroupDirectory freezer = Freezer ?? throw NoFreezer();
        bool v2 = freezer.Group.IsV2;
        string file = v2 ? "cgroup.freeze" : "freezer.state";
        for (int waited = 0; waited < Patience; waited += 2)
        {
            // Version 1 may need to be asked again: processes that were made meanwhile.
            if (waited == 0 || !v2)
            {
                CgroupFiles.Write(freezer.Fd, file, v2 ? "1" : "FROZEN").OrThrow("write", $"{freezer.Group.Directory}/{file}");
            }

            if (v2 ? CgroupFiles.Table(freezer.Fd, "cgroup.events").GetValueOrDefault("frozen") == 1 : CgroupFiles.Read(freezer.Fd, file) == "FROZEN")
            {
                return;
            }

            Sys.Ppoll([], 2);
        }

        Thaw();
        throw new CsrunException("the container was not paused", $"a process of it did not stop within {Patience / 1000} seconds: it waits in the kernel", $"cat {freezer.Group.Directory}/cgroup.procs; csrun kill ends it");
    }

    /// <summary>Lets them go on.</summary>
    public void Thaw()
    {
        CgroupDirectory freezer = Freezer ?? throw NoFreezer();
        string file = freezer.Group.IsV2 ? "cgroup.freeze" : "freezer.state";
        CgroupFiles.Write(freezer.Fd, file, freezer.Group.IsV2 ? "0" : "THAWED").OrThrow("write", $"{freezer.Group.Directory}/{file}");
    }

    /// <summary>Sends a signal to every process of the group.</summary>
    public void Signal(Signal signal)
    {
        if (signal == Linux.Abi.Signal.SIGKILL)
        {
            Kill();
            return;
        }

        SendAll(signal);
    }

    /// <summary>Kills every process of the group: cgroup.kill (Linux 5.14); else, frozen first so that none escapes by forking. All of it is thawed then.</summary>
    public void Kill()
    {
        CgroupDirectory? freezer = Freezer is { Group.IsV2: false } one ? one : null;
        if (_directories.Find(d => d.Group.IsV2) is not { } v2 || !CgroupFiles.Write(v2.Fd, "cgroup.kill", "1").Ok)
        {
            for (int waited = 0; freezer is not null && waited < FreezeToKill && CgroupFiles.Write(freezer.Fd, "freezer.state", "FROZEN").Ok && CgroupFiles.Read(freezer.Fd, "freezer.state") != "FROZEN"; waited += 2)
            {
                Sys.Ppoll([], 2);
            }

            SendAll(Linux.Abi.Signal.SIGKILL);
        }

        if (freezer is not null)
        {
            // Version 1 delivers nothing to what is frozen, cgroup.kill's signals neither.
            CgroupFiles.Write(freezer.Fd, "freezer.state", "THAWED");
        }
    }

    /// <summary>Sends a signal to each process that is in the group when its pidfd is open: its number alone may be another process's by then.</summary>
    private void SendAll(Signal signal)
    {
        foreach (int[] some in Processes().Chunk(DescriptorsAtOnce))
        {
            List<(int Pid, SafeFd PidFd)> open = [];
            foreach (int pid in some)
            {
                SysResult opened = Sys.PidfdOpen(pid);
                if (opened.Ok)
                {
                    open.Add((pid, new SafeFd(opened.Int)));
                }
            }

            HashSet<int> still = [.. Processes()];
            foreach ((int pid, SafeFd pidfd) in open)
            {
                if (still.Contains(pid))
                {
                    Sys.PidfdSendSignal(pidfd, signal);
                }

                pidfd.Dispose();
            }
        }
    }

    /// <summary>Removes the group; processes that are left in it are killed.</summary>
    /// <remarks>A process that has ended leaves its group a moment later, so that the kernel answers EBUSY meanwhile.</remarks>
    public void Remove() => Remove(kill: true);

    /// <summary>Removes the group where no process is in it.</summary>
    public void RemoveUnused() => Remove(kill: false);

    private void Remove(bool kill)
    {
        for (int i = _directories.Count - 1; i >= 0; i--)
        {
            CgroupDirectory directory = _directories[i];
            int made = directory.Made == 0 && directory.Group.Path.StartsWith("/csrun/", StringComparison.Ordinal) ? 2 : directory.Made;
            bool killed = !kill;
            for (int waited = 0; waited < Patience && CgroupDirectory.Remove(directory.Group, made).Errno == Errno.EBUSY; waited += 5)
            {
                if (!killed && Processes().Count != 0)
                {
                    Kill();
                    killed = true;
                }

                Sys.Ppoll([], waited < 20 ? 1 : 5);
            }

            directory.Dispose();
            _directories.RemoveAt(i);
        }

        if (_unit is { } unit)
        {
            SystemdScope.Stop(unit, _userUnit);
            _unit = null;
        }
    }

    private CgroupDirectory? Freezer => Find("freezer") ?? _directories.Find(d => d.Group.IsV2);

    private static CsrunException NoFreezer() => new(
        "the container cannot be paused",
        "its control groups are of version 1, and no hierarchy of the freezer was mounted when it was started",
        "mkdir -p /sys/fs/cgroup/freezer && mount -t cgroup -o freezer none /sys/fs/cgroup/freezer, as root, and start it again");
}
