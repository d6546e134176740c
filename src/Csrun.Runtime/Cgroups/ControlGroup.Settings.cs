using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Cgroups;

namespace Csrun.Runtime.Cgroups;

public sealed partial class ControlGroup
{
    /// <summary>Sets other limits; properties that are not there stay as they are.</summary>
    /// <param name="resources">What is to be changed.</param>
    /// <param name="layout">The host.</param>
    /// <exception cref="CsrunException">The host cannot, or the kernel refuses.</exception>
    public void Update(Resources resources, CgroupLayout layout)
    {
        ImmutableArray<CgroupWrite> writes = CgroupResources.Writes(resources, layout, Present(), out IReadOnlyList<ConfigMistake> refused);
        IReadOnlyList<ConfigMistake> rules = [];
        DeviceRuleSet? devices = resources.Devices.Count == 0 ? null : DeviceRuleSet.Of(resources.Devices, out rules);
        if (refused.Count + rules.Count != 0)
        {
            throw new CsrunException($"limits that cannot be set here\n{string.Join('\n', refused.Concat(rules))}", "nothing was changed", refused.Concat(rules).First().Fix);
        }

        if (devices is not null)
        {
            SetDevices(devices);
        }

        Write(writes);
    }

    /// <summary>What the group is set to, as far as the order of writes depends on it.</summary>
    private CgroupPresent Present()
    {
        if (Find("memory") is not { } memory)
        {
            return CgroupPresent.New;
        }

        bool v2 = memory.Group.IsV2;
        return new CgroupPresent(
            CgroupFiles.Number(memory.Fd, v2 ? "memory.max" : "memory.limit_in_bytes") ?? ulong.MaxValue,
            CgroupFiles.Number(memory.Fd, v2 ? "memory.current" : "memory.usage_in_bytes") ?? 0,
            CgroupFiles.Read(memory.Fd, v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes") is not null);
    }

    private void Write(ImmutableArray<CgroupWrite> writes)
    {
        List<CgroupWrite> again = [];
        foreach (CgroupWrite write in writes)
        {
            if (!Write(write, last: !write.AgainIfInvalid))
            {
                again.Add(write);
            }
        }

        foreach (CgroupWrite write in again)
        {
            Write(write, last: true);
        }
    }

    /// <returns>False where it is to be tried again after the others.</returns>
    private bool Write(CgroupWrite write, bool last)
    {
        CgroupDirectory? directory = Find(write.Controller) ?? _directories.Find(d => d.Group.IsV2 && write.Controller == "cgroup");
        if (directory is null)
        {
            throw new CsrunException($"{write.JsonPath}: the container has no control group of \"{write.Controller}\"", "none was made when it was started", "start the container with a limit, or as root");
        }

        string file = write.File;
        string text = write.Text;
        SysResult result = CgroupFiles.Write(directory.Fd, file, text);
        foreach (CgroupFileText other in write.Otherwise)
        {
            if (result.Errno is Errno.ENOENT)
            {
                (file, text) = (other.File, other.Text);
                result = CgroupFiles.Write(directory.Fd, file, text);
            }
        }

        if (result.Ok || (result.Errno == Errno.ENOENT && write.MayBeMissing))
        {
            return true;
        }

        if (result.Errno == Errno.EINVAL && !last)
        {
            return false;
        }

        if (result.Errno is Errno.EOPNOTSUPP && write.NoteIfUnsupported is { } note)
        {
            Notes.Add($"{write.JsonPath}: {note}");
            return true;
        }

        throw Refusal(write, directory, file, text, result.Errno);
    }

    private static KernelException Refusal(CgroupWrite write, CgroupDirectory directory, string file, string text, Errno errno)
    {
        string path = $"{directory.Group.Directory}/{file}";
        (string? why, string? fix) = errno switch
        {
            Errno.ENOENT when directory.Group.IsV2 && !(CgroupFiles.Read(directory.Fd, "cgroup.controllers") ?? "").Split(' ').Contains(write.Controller) =>
                ($"controller \"{write.Controller}\" is not handed down to this group", $"cat {directory.Group.MountPoint}{CgroupPath.Parent(directory.Group.Path)}/cgroup.subtree_control"),
            Errno.ENOENT => ("this kernel, or the disks' scheduler, has no such setting", "remove it from the configuration"),
            Errno.EBUSY when write.Controller == "memory" => ($"{CgroupFiles.Read(directory.Fd, directory.Group.IsV2 ? "memory.current" : "memory.usage_in_bytes")} bytes are in use and could not be reclaimed", "choose a higher limit"),
            Errno.EINVAL => ($"the kernel takes no \"{text}\" there: it is out of range, or contradicts another limit or the parent's", $"cat {path}"),
            Errno.EACCES or Errno.EPERM => ("the file is not the caller's to write", $"ls -l {path}"),
            Errno.EOPNOTSUPP => ("this kernel has the file and takes no value", "remove it from the configuration"),
            Errno.ENODEV or Errno.ENXIO => ($"there is no such block device: {text}", "lsblk"),
            Errno.ERANGE or Errno.ENOSPC => ($"\"{text}\" is not among what the parent group has", "choose from the parent's"),
            _ => ((string?)null, (string?)null),
        };
        return new KernelException($"{write.JsonPath}: write \"{text}\" to", path, errno, why, fix);
    }
}
