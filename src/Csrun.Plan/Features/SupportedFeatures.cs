using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.SeccompProfiles;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Features;

/// <summary>What a configuration may ask of csrun, whatever this host has: each word that the checks know, when a configuration with it passes them.</summary>
/// <remarks>
/// runtime-spec features.md and features-linux.md. There is no list of its own: a word is tried in a small configuration, by the same
/// checks that <c>create</c> makes, and listed when none objects.
/// </remarks>
public sealed record SupportedFeatures
{
    /// <summary>The kinds of hooks.</summary>
    public required IReadOnlyList<string> Hooks { get; init; }

    /// <summary>Mount options of every file system.</summary>
    public required IReadOnlyList<string> MountOptions { get; init; }

    /// <summary>Types of namespaces.</summary>
    public required IReadOnlyList<string> Namespaces { get; init; }

    /// <summary>Capabilities, by number.</summary>
    public required IReadOnlyList<string> Capabilities { get; init; }

    /// <summary>Actions of a system call filter.</summary>
    public required IReadOnlyList<string> SeccompActions { get; init; }

    /// <summary>Operators of a system call filter.</summary>
    public required IReadOnlyList<string> SeccompOperators { get; init; }

    /// <summary>Architectures of a system call filter.</summary>
    public required IReadOnlyList<string> SeccompArchitectures { get; init; }

    /// <summary>Flags of a system call filter that are known.</summary>
    public required IReadOnlyList<string> SeccompKnownFlags { get; init; }

    /// <summary>Those of them that are taken.</summary>
    public required IReadOnlyList<string> SeccompSupportedFlags { get; init; }

    /// <summary>Whether limits of RDMA devices are set.</summary>
    public required bool Rdma { get; init; }

    /// <summary>Whether a process gets an AppArmor profile.</summary>
    public required bool AppArmor { get; init; }

    /// <summary>Whether a process, and mounts, get an SELinux label.</summary>
    public required bool Selinux { get; init; }

    /// <summary>Whether resctrl groups are made.</summary>
    public required bool IntelRdt { get; init; }

    /// <summary>Whether mounts are ID-mapped.</summary>
    public required bool IdMappedMounts { get; init; }

    /// <summary>Annotations of a configuration that change what csrun does.</summary>
    public required IReadOnlyList<string> UnsafeAnnotations { get; init; }

    /// <summary>Finds out.</summary>
    public static SupportedFeatures Find() => new()
    {
        Hooks = [.. SpecWords.Hooks.Where(kind => Passes(Spec() with { Hooks = WithHook(kind) }))],
        MountOptions = Sorted(SpecWords.MountOptions.Where(option => Passes(WithMount(option, "bind")) || (Passes(WithMount(option, "tmpfs")) && IsOfAnyFileSystem(option)))),
        Namespaces = Sorted(SpecWords.Namespaces.Where(type => Passes(Linux(new LinuxConfig { Namespaces = type == "mount" ? s_mount : [.. s_mount, new Namespace { Type = type }] })))),
        Capabilities = [.. SpecWords.Capabilities.Where(name => Passes(Spec(new Capabilities { Bounding = [name] })))],
        SeccompActions = Sorted(SpecWords.SeccompActions.Where(action => Passes(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            ListenerPath = action == "SCMP_ACT_NOTIFY" ? "/run/listener.sock" : null,
            Syscalls = [new SeccompSyscall { Names = ["read"], Action = action }],
        }))),
        SeccompOperators = Sorted(SpecWords.SeccompOperators.Where(op => Passes(new Seccomp
        {
            DefaultAction = "SCMP_ACT_ALLOW",
            Syscalls = [new SeccompSyscall { Names = ["read"], Action = "SCMP_ACT_ERRNO", Args = [new SeccompArg { Op = op }] }],
        }))),
        SeccompArchitectures = Sorted(SpecWords.SeccompArchitectures.Where(arch => Passes(new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Architectures = [arch] }))),
        SeccompKnownFlags = Sorted(SpecWords.SeccompFlags),
        SeccompSupportedFlags = Sorted(SpecWords.SeccompFlags.Where(flag => Passes(new Seccomp { DefaultAction = "SCMP_ACT_ALLOW", Flags = [flag] }))),
        Rdma = Passes(Linux(new LinuxConfig { Namespaces = s_mount, Resources = new Resources { Rdma = new Dictionary<string, RdmaLimit> { ["mlx5_0"] = new() { HcaHandles = 1 } } } })),
        AppArmor = Passes(Spec(process => process with { ApparmorProfile = "profile" })),
        Selinux = Passes(Spec(process => process with { SelinuxLabel = "user:role:type:s0" })),
        IntelRdt = Passes(Linux(new LinuxConfig { Namespaces = s_mount, IntelRdt = new IntelRdt { ClosID = "group" } })),
        IdMappedMounts = Passes(WithMount("idmap", "bind")),
        UnsafeAnnotations = [SpecBuilder.ImageAnnotation],
    };

    // What every file system of its own takes from fsconfig(2): fs/fs_context.c, common_set_sb_flag. Other words would be tmpfs's own.
    private static bool IsOfAnyFileSystem(string option) => option is "dirsync" or "lazytime" or "mand" or "sync" || Planning.MountOptions.Parse([option], "tmpfs").Data.IsEmpty;

    private static readonly Namespace[] s_mount = [new Namespace { Type = "mount" }];

    private static bool Passes(Spec spec) => SpecValidator.Validate(spec).Count == 0 && UnsupportedFeatures.Find(spec, bundle: true, new SecurityModules(AppArmor: true, Selinux: true)).Count == 0;

    private static bool Passes(Seccomp seccomp) =>
        Passes(Linux(new LinuxConfig { Namespaces = s_mount, Seccomp = seccomp })) && OciSeccompProfile.Convert(seccomp).Mistakes.Count == 0;

    private static Spec Spec(Capabilities? capabilities = null) => Spec(process => process with { Capabilities = capabilities });

    private static Spec Spec(Func<Process, Process> change) => new()
    {
        OciVersion = SpecVersion.Current,
        Process = change(new Process { Args = ["sh"], Cwd = "/" }),
        Root = new Root { Path = "rootfs" },
        Linux = new LinuxConfig { Namespaces = s_mount },
    };

    private static Spec Linux(LinuxConfig linux) => Spec() with { Linux = linux };

    private static Spec WithMount(string option, string type)
    {
        LinuxIdMapping[] map = option is "idmap" or "ridmap" ? [new LinuxIdMapping(0, 1000, 1)] : [];
        return Spec() with
        {
            // What is remounted has been mounted.
            Mounts = [.. option == "remount" ? [new Mount { Destination = "/x", Type = "tmpfs", Source = "tmpfs" }] : (Mount[])[], new Mount { Destination = "/x", Type = type, Source = "/x", Options = type == "bind" && option is not ("bind" or "rbind") ? ["bind", option] : [option], UidMappings = map, GidMappings = map }],
        };
    }

    private static Hooks WithHook(string kind)
    {
        Hook[] one = [new Hook { Path = "/bin/true" }];
        return kind switch
        {
            "prestart" => new Hooks { Prestart = one },
            "createRuntime" => new Hooks { CreateRuntime = one },
            "createContainer" => new Hooks { CreateContainer = one },
            "startContainer" => new Hooks { StartContainer = one },
            "poststart" => new Hooks { Poststart = one },
            _ => new Hooks { Poststop = one },
        };
    }

    private static string[] Sorted(IEnumerable<string> words) => [.. words.Order(StringComparer.Ordinal)];
}
