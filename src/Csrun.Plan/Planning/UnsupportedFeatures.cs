using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>What a configuration asks for and this version of csrun does not do: found before anything is touched, never ignored.</summary>
/// <remarks>runtime-spec config.md and config-linux.md. A runtime that drops a limit or a label silently runs another container than the one asked for.</remarks>
public static class UnsupportedFeatures
{
    /// <summary>The AppArmor profile that is none: every process has it where AppArmor is not active.</summary>
    public const string Unconfined = "unconfined";

    private const string LeaveOut = "remove it from the configuration";

    /// <summary>Everything in the configuration that cannot be honoured.</summary>
    /// <param name="spec">The configuration, without the parts that the command line replaces.</param>
    /// <param name="bundle">Whether an engine's verb reads it: these enter existing namespaces and run hooks.</param>
    /// <param name="modules">The security modules that are active on this host.</param>
    public static IReadOnlyList<ConfigMistake> Find(Spec spec, bool bundle = false, SecurityModules modules = default)
    {
        List<ConfigMistake> found = [];
        OfProcess(spec.Process, modules, found);
        if (!bundle && spec.Hooks is { } hooks)
        {
            OfHooks(hooks, found);
        }

        // sched(7): a process under SCHED_DEADLINE cannot fork, and it is this process that runs these hooks and hands the listener on.
        Refuse(
            spec.Process?.Scheduler is { Policy: "SCHED_DEADLINE" } scheduler && !scheduler.Flags.Contains("SCHED_FLAG_RESET_ON_FORK")
                && (spec.Hooks?.StartContainer.Count > 0 || !string.IsNullOrEmpty(spec.Linux?.Seccomp?.ListenerPath)),
            "$.process.scheduler.policy", "under SCHED_DEADLINE the container's process can make no other one, and startContainer hooks and a seccomp listener take one", "add \"SCHED_FLAG_RESET_ON_FORK\" to process.scheduler.flags", found);
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            OfMount($"$.mounts[{i}]", spec.Mounts[i], bundle, spec.Mounts.Take(i).Any(m => m.Destination.TrimEnd('/') == spec.Mounts[i].Destination.TrimEnd('/')), found);
        }

        if (spec.Linux is { } linux)
        {
            OfLinux(linux, modules, found);
            OfNamespaces(linux, bundle, found);
            OfDevices(spec, linux, found);
        }

        return found;
    }

    /// <summary>What a process asks for that cannot be honoured.</summary>
    /// <param name="process">The process.</param>
    /// <param name="modules">The security modules that are active on this host.</param>
    public static IReadOnlyList<ConfigMistake> Find(Process process, SecurityModules modules)
    {
        List<ConfigMistake> found = [];
        OfProcess(process, modules, found);
        return found;
    }

    // As runc, and not as crun, which leaves them out in silence: what was to be confined would not be.
    private static void OfProcess(Process? process, SecurityModules modules, List<ConfigMistake> found)
    {
        Refuse(
            !modules.AppArmor && !string.IsNullOrEmpty(process?.ApparmorProfile) && process.ApparmorProfile != Unconfined,
            "$.process.apparmorProfile", $"AppArmor is not active on this host, so the profile \"{process?.ApparmorProfile}\" cannot hold", "remove it, or boot a kernel with AppArmor (lsm=...,apparmor); csrun doctor says what is active", found);
        Refuse(
            !modules.Selinux && !string.IsNullOrEmpty(process?.SelinuxLabel),
            "$.process.selinuxLabel", $"SELinux is not active on this host, so the label \"{process?.SelinuxLabel}\" cannot hold", "remove it, or enable SELinux; csrun doctor says what is active", found);
    }

    // What a hook gets is the state of a container with a bundle.
    private static void OfHooks(Hooks hooks, List<ConfigMistake> found)
    {
        foreach ((string name, int count) in (ReadOnlySpan<(string, int)>)
            [
                ("prestart", hooks.Prestart.Count), ("createRuntime", hooks.CreateRuntime.Count), ("createContainer", hooks.CreateContainer.Count),
                ("startContainer", hooks.StartContainer.Count), ("poststart", hooks.Poststart.Count), ("poststop", hooks.Poststop.Count),
            ])
        {
            Refuse(count != 0, $"$.hooks.{name}", "run has no bundle whose state hooks could be told", "csrun create --bundle DIR ID runs hooks", found);
        }
    }

    private static void OfMount(string path, Mount mount, bool bundle, bool isThere, List<ConfigMistake> found)
    {
        MountOptions options = MountOptions.Parse(mount.Options, mount.Type);
        for (int i = 0; i < mount.Options.Count; i++)
        {
            string option = mount.Options[i];
            string at = $"{path}.options[{i}]";
            // A bind has no file system of its own to hand further options to: sizes and modes mean nothing there, as in mount(2), but a label
            // or synchronous writing would be missed. Those of a new file system the kernel judges.
            bool lost = options.Bind && IsData(option) && (!option.Contains('=', StringComparison.Ordinal) || option.Contains("context=", StringComparison.Ordinal));
            Refuse(lost, at, $"the mount option \"{option}\" is not supported for bind mounts", "remove it", found);
            Refuse(!lost && options.Remount && IsData(option), at, $"\"{option}\" is an option of the file system, and remount changes those of the mount", "give it to the entry that mounts it", found);
            Refuse(option == "remount" && !isThere, at, $"no entry before mounts anything on \"{mount.Destination}\"", "write the options into the entry that mounts it", found);
            Refuse(option == "tmpcopyup" && mount.Type != "tmpfs", at, "tmpcopyup is an option of tmpfs", "remove it", found);
            Refuse(option == "tmpcopyup" && mount.Type == "tmpfs" && !bundle, at, "tmpcopyup: csrun run begins a tmpfs empty, csrun create does not", "remove it", found);
        }
    }

    private static bool IsData(string option) => MountOptions.Parse([option], null).Data.Length != 0;

    private static void OfLinux(LinuxConfig linux, SecurityModules modules, List<ConfigMistake> found)
    {
        Refuse(linux.IntelRdt is not null, "$.linux.intelRdt", "resctrl (intelRdt) is not supported", LeaveOut, found);
        Refuse(!modules.Selinux && !string.IsNullOrEmpty(linux.MountLabel), "$.linux.mountLabel", $"SELinux is not active on this host, so mounts cannot have the label \"{linux.MountLabel}\"", "remove it, or enable SELinux; csrun doctor says what is active", found);
    }

    private static void OfNamespaces(LinuxConfig linux, bool bundle, List<ConfigMistake> found)
    {
        bool mount = false;
        for (int i = 0; i < linux.Namespaces.Count; i++)
        {
            Namespace ns = linux.Namespaces[i];
            mount |= ns.Type == "mount";
            Refuse(ns.Path is not null && !bundle, $"$.linux.namespaces[{i}].path", $"entering an existing {ns.Type} namespace is not supported by run", "remove the path, for a new one; csrun create enters existing ones", found);
        }

        // The mounts of csrun's own mount namespace belong to its user namespace, and a new one has no say over them.
        bool newUser = linux.Namespaces.Any(ns => ns is { Type: "user", Path: null });
        Refuse(!mount && (!bundle || newUser), "$.linux.namespaces", $"a container without a mount namespace of its own is not supported{(bundle ? " with a user namespace of its own" : " by run")}", "add { \"type\": \"mount\" }", found);
    }

    private static void OfDevices(Spec spec, LinuxConfig linux, List<ConfigMistake> found)
    {
        bool ownDev = spec.Mounts.Count == 0; // the default mounts have it
        foreach (Mount mount in spec.Mounts)
        {
            ownDev |= mount is { Destination: "/dev", Type: "tmpfs" };
        }

        for (int i = 0; i < linux.Devices.Count; i++)
        {
            string path = linux.Devices[i].Path;
            if (!path.StartsWith("/dev/", StringComparison.Ordinal) || path.Contains("/../", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal))
            {
                Refuse(true, $"$.linux.devices[{i}].path", $"\"{path}\" is not below /dev, where csrun makes devices", "choose a path below /dev", found);
            }

            Refuse(!ownDev, $"$.linux.devices[{i}]", "devices are made in a tmpfs on /dev, and the configuration mounts none", "add the mount { \"destination\": \"/dev\", \"type\": \"tmpfs\", \"source\": \"tmpfs\" }", found);
        }
    }

    private static void Refuse(bool asked, string path, string problem, string fix, List<ConfigMistake> found)
    {
        if (asked)
        {
            found.Add(new ConfigMistake(path, problem, fix));
        }
    }
}
