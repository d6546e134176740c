using Csrun.Linux;

namespace Csrun.Plan.Doctor;

/// <summary>The gates of the kernel, devices, libraries and places.</summary>
internal static class HostGates
{
    public static GateFinding Kernel(DoctorFacts facts)
    {
        const string Gate = "kernel";
        if (!KernelVersion.TryParse(facts.KernelRelease, out KernelVersion version))
        {
            return GateFinding.Ok(Gate, $"Linux {facts.KernelRelease}");
        }

        (int Major, int Minor, string What)[] wanted =
        [
            (5, 3, "clone3"), (5, 6, "openat2"), (5, 9, "close_range"), (5, 11, "overlay in user namespaces"), (5, 12, "mount_setattr"),
        ];
        string[] missing = [.. wanted.Where(w => !version.IsAtLeast(w.Major, w.Minor)).Select(w => $"{w.What} ({w.Major}.{w.Minor})")];
        if (missing.Length != 0)
        {
            return new GateFinding(Gate, GateStatus.Fail, $"Linux {facts.KernelRelease}", $"it is older than what csrun calls: {string.Join(", ", missing)}", "install Linux 5.12 or later");
        }

        string later = version.IsAtLeast(6, 15) ? "" : "; a mount that is ID-mapped already cannot be mapped again (open_tree_attr, 6.15)";
        return GateFinding.Ok(Gate, $"Linux {facts.KernelRelease}{later}");
    }

    public static GateFinding Machine(DoctorFacts facts)
    {
        const string Gate = "architecture";
        return facts.Machine switch
        {
            "x86_64" => GateFinding.Ok(Gate, $"x86_64, {facts.Distribution.Name}"),
            "aarch64" => new GateFinding(Gate, GateStatus.Warn, $"aarch64, {facts.Distribution.Name}", "csrun has arm64's system call numbers, but was never tested on arm64", "please report what works and what does not"),
            _ => new GateFinding(Gate, GateStatus.Fail, $"{facts.Machine}, {facts.Distribution.Name}", "csrun knows x86_64 and arm64 only"),
        };
    }

    public static GateFinding Seccomp(DoctorFacts facts)
    {
        const string Gate = "seccomp";
        if (facts.SeccompMode is null)
        {
            return new GateFinding(Gate, GateStatus.Fail, "there is no Seccomp: line in /proc/self/status", "the kernel was built without seccomp filters (CONFIG_SECCOMP_FILTER)", "csrun run --security-opt seccomp=unconfined ... runs without a filter");
        }

        string mode = facts.SeccompMode == "2" ? "csrun itself runs under a filter of an outer engine" : "csrun itself runs under none";
        return facts.LibSeccomp
            ? GateFinding.Ok(Gate, $"the kernel has filters, libseccomp.so.2 compiles them; {mode}")
            : new GateFinding(
                Gate, GateStatus.Fail, "dlopen finds no libseccomp.so.2", "csrun compiles the container's filter with it",
                $"{facts.Distribution.Install("libseccomp")}\nor csrun run --security-opt seccomp=unconfined ... (no filter)");
    }

    public static GateFinding Labels(DoctorFacts facts) => facts.Modules switch
    {
        { AppArmor: true, Selinux: true } => GateFinding.Ok("labels", "AppArmor and SELinux are active: process.apparmorProfile, process.selinuxLabel and linux.mountLabel are set"),
        { AppArmor: true } => GateFinding.Ok("labels", "AppArmor is active: process.apparmorProfile is set; SELinux is not"),
        { Selinux: true } => GateFinding.Ok("labels", "SELinux is active: process.selinuxLabel and linux.mountLabel are set; AppArmor is not"),
        _ => GateFinding.Skip("labels", "neither AppArmor nor SELinux is active: a configuration that names a profile or a label is refused"),
    };

    public static GateFinding LibSsl(DoctorFacts facts) => facts.LibSsl
        ? GateFinding.Ok("libssl", "libssl is there, to fetch images over https")
        : new GateFinding("libssl", GateStatus.Warn, "dlopen finds neither libssl.so.3 nor libssl.so.1.1", "images cannot be fetched; tarballs in CSRUN_IMAGE_PATH work", facts.Distribution.Install("libssl"));

    public static GateFinding Device(string gate, string path, DeviceFacts device, string use)
    {
        if (device.Usable)
        {
            return GateFinding.Ok(gate, $"{path}: {device.Evidence}");
        }

        return device.Exists
            ? new GateFinding(gate, GateStatus.Warn, $"{path}: {device.Evidence}", $"the caller may not open it: {use} cannot be had", $"sudo chmod 666 {path}, as distributions do")
            : new GateFinding(gate, GateStatus.Warn, $"{path} does not exist", $"{use} cannot be had", $"sudo modprobe {gate}");
    }

    public static GateFinding Cgroup(DoctorFacts facts)
    {
        const string Gate = "cgroup";
        const string Meaning = "containers start; limits of memory, CPU and processes for them need a delegated group of version 2";
        CgroupFacts cgroup = facts.Cgroup;
        return cgroup switch
        {
            { Version: 0 } => new GateFinding(Gate, GateStatus.Warn, "/sys/fs/cgroup is no control group file system", Meaning, "sudo mount -t cgroup2 none /sys/fs/cgroup"),
            { Version: 1 } => new GateFinding(Gate, GateStatus.Warn, "/sys/fs/cgroup has the hierarchies of version 1", Meaning, "boot with systemd.unified_cgroup_hierarchy=1"),
            { Delegated: true } => GateFinding.Ok(Gate, $"version 2, {cgroup.Path} is the caller's; controllers: {cgroup.Controllers}"),
            _ when facts.Identity.IsPrivileged => GateFinding.Ok(Gate, $"version 2; controllers: {cgroup.Controllers}"),
            _ => new GateFinding(Gate, GateStatus.Warn, $"version 2; {cgroup.Path} is not the caller's to divide", Meaning, "log in through systemd (loginctl enable-linger $USER), or systemd-run --user --scope -p Delegate=yes csrun ..."),
        };
    }

    public static GateFinding Nested(DoctorFacts facts)
    {
        const string Gate = "nested";
        if (facts.NestingSigns.IsEmpty)
        {
            return GateFinding.Ok(Gate, facts.InitialNamespaces ? "csrun runs in the machine's first namespaces" : "no sign of an outer container engine, but csrun's namespaces are not the machine's first");
        }

        string signs = string.Join(", ", facts.NestingSigns);
        return facts.InitialNamespaces
            ? GateFinding.Ok(Gate, $"{signs}, but these are the machine's first PID and user namespaces: it was made from an image")
            : new GateFinding(Gate, GateStatus.Warn, signs, "csrun runs in namespaces that an outer engine, or unshare, has made: filters, masks and maps of theirs hold for csrun's containers too", "see user-namespace, id-map, mount and proc: what is refused shows there");
    }

    public static GateFinding Store(DoctorFacts facts) => facts.Store.Refusal is { } refusal
        ? new GateFinding("store", GateStatus.Fail, refusal.Message, refusal.Why, refusal.Fix)
        : GateFinding.Ok("store", facts.Store.Path == facts.Store.Existing ? $"{facts.Store.Path} belongs to the caller alone" : $"{facts.Store.Path} will be made in {facts.Store.Existing}");

    public static GateFinding StoreFilesystem(DoctorFacts facts)
    {
        const string Gate = "store-filesystem";
        string type = FilesystemType.Name(facts.Store.Magic);
        if (facts.Store.Existing.Length == 0)
        {
            return GateFinding.Skip(Gate, "there is no place for a store (see store)");
        }

        return FilesystemType.Network(facts.Store.Magic) is not null
            ? new GateFinding(Gate, GateStatus.Warn, $"{facts.Store.Existing} is on {type}", "a server of files may refuse owners that only this machine knows, and overlay's writable layer", "export CSRUN_ROOT=/var/tmp/csrun-$USER, or another directory on a local disk")
            : type == "tmpfs"
                ? new GateFinding(Gate, GateStatus.Warn, $"{facts.Store.Existing} is on tmpfs", "images are in memory, and gone after a restart", "export CSRUN_ROOT=/path/on/a/disk, where that is not meant")
                : GateFinding.Ok(Gate, $"{facts.Store.Existing} is on {type}");
    }

    public static GateFinding Broker(DoctorFacts facts)
    {
        const string Gate = "broker";
        const string Use = "needed only for ID-mapped volumes of ordinary users (-v SRC:DST:idmap)";
        BrokerFacts broker = facts.Broker;
        return facts.Identity.IsPrivileged ? GateFinding.Skip(Gate, "root maps mounts itself")
            : broker.State switch
            {
                BrokerState.Running => GateFinding.Ok(Gate, $"{broker.Socket}: {broker.Detail}"),
                BrokerState.Unreachable => new GateFinding(Gate, GateStatus.Warn, $"{broker.Socket}: {broker.Detail}", $"the broker cannot be used; {Use}", "csrun broker status"),
                _ => GateFinding.Skip(Gate, $"not there ({broker.Socket}); {Use}: sudo csrun broker install"),
            };
    }

    public static GateFinding Bindfs(DoctorFacts facts) => facts.Bindfs is { } path
        ? GateFinding.Ok("bindfs", path)
        : GateFinding.Skip("bindfs", $"not in PATH; it can take the broker's place for ID-mapped volumes: {facts.Distribution.Install("bindfs")}");
}
