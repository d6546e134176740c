using Csrun.Linux.Abi;

namespace Csrun.Plan.Doctor;

/// <summary>The gates of namespaces and of what may be mounted in them.</summary>
internal static class NamespaceGates
{
    private const string OuterSeccomp = "a seccomp filter of an outer engine holds for csrun: Seccomp: 2 in /proc/self/status";
    private const string StartOuter = "run csrun outside that container, or start the outer one with --security-opt seccomp=unconfined";

    public static GateFinding UserNamespace(DoctorFacts facts)
    {
        const string Gate = "user-namespace";
        if (facts.UserNamespace is not { } probe)
        {
            return GateFinding.Skip(Gate, "not tried");
        }

        if (probe.Ok)
        {
            return GateFinding.Ok(Gate, $"clone3(CLONE_NEWUSER) succeeds; user.max_user_namespaces is {Value(facts.MaxUserNamespaces)}");
        }

        (string evidence, string? cause, string? fix) = probe.Errno switch
        {
            Errno.ENOSPC or Errno.EUSERS when Value(facts.MaxUserNamespaces) == "0" => (
                $"{probe.Evidence}; /proc/sys/user/max_user_namespaces is 0", "user namespaces are switched off", "sudo sysctl user.max_user_namespaces=15000"),
            Errno.ENOSPC or Errno.EUSERS => (
                $"{probe.Evidence}; /proc/sys/user/max_user_namespaces is {Value(facts.MaxUserNamespaces)}",
                "no further user namespace can be made here: the kernel allows 32 one in another, and max_user_namespaces of them in each one around this one; from inside neither can be counted",
                "run csrun further outside; there: lsns -t user; sudo sysctl user.max_user_namespaces=15000"),
            Errno.EPERM when Value(facts.UnprivilegedUsernsClone) == "0" => (
                $"{probe.Evidence}; /proc/sys/kernel/unprivileged_userns_clone is 0", "user namespaces are switched off for ordinary users", "sudo sysctl kernel.unprivileged_userns_clone=1"),
            Errno.EPERM or Errno.EACCES when Value(facts.ApparmorRestrict) == "1" => (
                $"{probe.Evidence}; /proc/sys/kernel/apparmor_restrict_unprivileged_userns is 1", "AppArmor lets only programs with a profile make user namespaces", Profile(facts)),
            Errno.EPERM or Errno.ENOSYS when facts.SeccompMode == "2" => ($"{probe.Evidence}; {OuterSeccomp}", "the filter refuses new user namespaces", StartOuter),
            Errno.ENOSYS => (probe.Evidence, "clone3 needs Linux 5.3", "install a newer kernel"),
            Errno.EINVAL => (probe.Evidence, "the kernel was built without user namespaces (CONFIG_USER_NS)", "install a kernel with CONFIG_USER_NS=y"),
            Errno.EPERM when facts.Identity.Self is { } self && !(self.Uid.ContainsContainer(facts.Identity.CallerUid) && self.Gid.ContainsContainer(facts.Identity.CallerGid)) => (
                probe.Evidence, "csrun's own user or group has no ID in the user namespace that it runs in: /proc/self/uid_map or gid_map does not have it", "map it: unshare --user --map-root-user, or newuidmap and newgidmap from outside"),
            Errno.EPERM => (probe.Evidence, "csrun's root directory is not that of its mount namespace: it runs in a chroot", "run csrun outside the chroot"),
            _ => (probe.Evidence, null, null),
        };
        return new GateFinding(Gate, GateStatus.Fail, evidence, cause, fix);
    }

    public static GateFinding AppArmor(DoctorFacts facts)
    {
        const string Gate = "apparmor";
        string? restrict = Value(facts.ApparmorRestrict);
        if (restrict is null)
        {
            return facts.SecurityLabel is { Length: > 0 } label && label != "unconfined"
                ? GateFinding.Ok(Gate, $"csrun runs as {label}; the kernel has no restriction of user namespaces")
                : GateFinding.Ok(Gate, "the kernel has no restriction of user namespaces by AppArmor");
        }

        string evidence = $"/proc/sys/kernel/apparmor_restrict_unprivileged_userns is {restrict}";
        if (restrict != "1" || facts.Identity.IsPrivileged)
        {
            return GateFinding.Ok(Gate, evidence);
        }

        string inside = facts.Mount?.Label ?? facts.UserNamespace?.Label ?? "";
        bool taken = inside.StartsWith("unprivileged_userns", StringComparison.Ordinal) || facts.Mount is { Ok: false, Errno: Errno.EACCES or Errno.EPERM };
        return taken
            ? new GateFinding(
                Gate,
                GateStatus.Fail,
                inside.Length == 0 ? evidence : $"{evidence}; in a new user namespace the process runs as \"{inside}\"",
                "AppArmor gives a program without a profile user namespaces in which it may not mount (Ubuntu 23.10 and later)",
                Profile(facts))
            : GateFinding.Ok(Gate, $"{evidence}, and a profile lets csrun make user namespaces{(inside.Length == 0 ? "" : $" ({inside})")}");
    }

    public static GateFinding Namespaces(DoctorFacts facts) => Tried(
        "namespaces", facts.Namespaces, "mount, net, ipc, uts and cgroup namespaces can be made", probe => probe.Errno switch
        {
            Errno.ENOSPC or Errno.EUSERS => ("the limit of namespaces of this kind is reached, or it is 0", "sysctl -a | grep ^user.max_; sudo sysctl user.max_net_namespaces=15000 and the like"),
            Errno.EINVAL => ("the kernel was built without this kind of namespace", "install a kernel with CONFIG_NAMESPACES and all kinds of them"),
            Errno.EPERM or Errno.EACCES => ("the new user namespace has no capabilities: a security module or an outer engine took them away", Value(facts.ApparmorRestrict) == "1" ? "see apparmor" : StartOuter),
            _ => (null, null),
        });

    public static GateFinding Mount(DoctorFacts facts) => Tried(
        "mount", facts.Mount, "a tmpfs can be mounted in a user namespace", probe => probe.Errno switch
        {
            Errno.EACCES or Errno.EPERM when Value(facts.ApparmorRestrict) == "1" => ("AppArmor denies mounts to a program without a profile", "see apparmor"),
            Errno.EACCES or Errno.EPERM when facts.SeccompMode == "2" => ($"{OuterSeccomp}, and refuses mounts", StartOuter),
            Errno.EACCES or Errno.EPERM => ("a security module denies mounts in user namespaces", $"journalctl -k -g 'denied|avc'; cat /proc/self/attr/current: {facts.SecurityLabel ?? "none"}"),
            Errno.ENOSYS => ("the new mount calls (fsopen, Linux 5.2) are missing, or an outer engine's seccomp filter hides them", StartOuter),
            _ => (null, null),
        });

    public static GateFinding Proc(DoctorFacts facts) => Tried(
        "proc", facts.Proc, "a fresh /proc can be mounted with a new PID namespace", probe => probe.Errno switch
        {
            Errno.EPERM when !facts.ProcCovers.IsEmpty => (
                $"the kernel gives a user namespace a fresh /proc only while the existing one is fully visible, and here {Some(facts.ProcCovers)} {(facts.ProcCovers.Length == 1 ? "is" : "are")} covered by other mounts",
                "run csrun outside that container\nor start the outer one without its masks: docker run --security-opt systempaths=unconfined, podman run --security-opt unmask=ALL"),
            Errno.EPERM => ("no fully visible /proc is mounted in csrun's mount namespace", "mount | grep proc; run csrun where /proc is mounted as a whole"),
            _ => (null, null),
        });

    public static GateFinding Overlay(DoctorFacts facts)
    {
        string type = FilesystemType.Name(facts.Store.Magic), place = facts.Store.Existing;
        return Tried(
            "overlay", facts.Overlay, $"an overlay with userxattr works on {place} ({type})", probe => probe.Errno switch
            {
                Errno.EINVAL or Errno.EOPNOTSUPP or Errno.EREMOTE => (
                    type == "overlay" ? "an overlay's writable layer cannot lie on another overlay"
                        : $"{type} does not have all that an overlay's writable layer takes: extended attributes of users, file types in directories, RENAME_WHITEOUT",
                    "keep csrun's files on ext4, xfs or btrfs: export CSRUN_ROOT=/path/on/another/file/system"),
                Errno.ENODEV => ("the kernel has no overlay file system (CONFIG_OVERLAY_FS), or its module is not loaded", "sudo modprobe overlay"),
                Errno.EPERM => ("this kernel lets only root mount overlays (Linux 5.11 lets user namespaces)", "install Linux 5.11 or later"),
                Errno.EACCES or Errno.EROFS or Errno.ENOSPC or Errno.EDQUOT => ($"{place} cannot be written to", "export CSRUN_ROOT=/path/that/you/can/write"),
                _ => (null, null),
            });
    }

    // A probe that depends on a user namespace with maps.
    private static GateFinding Tried(string gate, ProbeOutcome? outcome, string ok, Func<ProbeOutcome, (string? Cause, string? Fix)> explain)
    {
        if (outcome is not { } probe)
        {
            return GateFinding.Skip(gate, "not tried: there is no user namespace to try it in");
        }

        if (probe.Ok)
        {
            return GateFinding.Ok(gate, ok);
        }

        (string? cause, string? fix) = explain(probe);
        return new GateFinding(gate, GateStatus.Fail, probe.Evidence, cause, fix);
    }

    private static string Profile(DoctorFacts facts) =>
        $"printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile csrun {facts.Executable} flags=(unconfined) {{\\n  userns,\\n}}\\n' | sudo tee /etc/apparmor.d/csrun && sudo apparmor_parser -r /etc/apparmor.d/csrun";

    private static string? Value(string? text) => text?.Trim();

    private static string Some(IReadOnlyList<string> paths) => paths.Count <= 4 ? string.Join(", ", paths) : $"{string.Join(", ", paths.Take(4))} and {paths.Count - 4} more";
}
