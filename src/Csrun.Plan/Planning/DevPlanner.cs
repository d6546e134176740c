using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>/dev: the standard device nodes and links, and the terminal.</summary>
/// <remarks>runtime-spec config-linux.md, "Default Devices". A user namespace cannot make device nodes, so the host's are bound there.</remarks>
internal sealed class DevPlanner(PlanContext context)
{
    private static readonly (string Name, uint Major, uint Minor)[] s_nodes =
    [
        ("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0),
    ];

    private readonly PlanBuilder _plan = context.Builder;
    private readonly List<(string Name, FdSlot Source)> _bound = [];

    /// <summary>The tmpfs on /dev.</summary>
    public FdSlot? Dev { get; set; }

    /// <summary>The container's devpts.</summary>
    public FdSlot? Devpts { get; set; }

    /// <summary>The terminal's end in the container.</summary>
    public FdSlot? TerminalPeer { get; private set; }

    private bool CanMknod => !context.OwnUserNamespace && context.Request.Facts.InitialUserNamespace
        && context.Request.Facts.Capabilities.Contains(Capability.CAP_MKNOD);

    // Privileged containers name all of the host's devices, the standard ones among them: theirs is the configuration's word.
    private IEnumerable<(string Name, uint Major, uint Minor)> Defaults =>
        s_nodes.Where(node => !(context.Spec.Linux?.Devices ?? []).Any(device => device.Path == $"/dev/{node.Name}"));

    /// <summary>Whether the owner of the host's device nodes is an ID of the container's, which may change their modes then.</summary>
    private bool HostRootIsInside => !context.OwnUserNamespace || (context.Spec.Linux?.UidMappings ?? []).Any(mapping => mapping.HostID == 0);

    /// <summary>Copies the host's nodes as mounts where they cannot be made.</summary>
    public void Gather(bool populate)
    {
        if (populate && !CanMknod)
        {
            foreach ((string name, _, _) in Defaults)
            {
                _bound.Add((name, Clone($"/dev/{name}")));
            }
        }

        foreach (Device device in context.Spec.Linux?.Devices ?? [])
        {
            if (!CanMknod && device.Type != "p")
            {
                _bound.Add((device.Path, Clone(device.Path)));
            }
        }

        if (!populate && context.Spec.Process is { Terminal: false } && !context.Request.Interactive)
        {
            // The configuration brings a /dev of its own: what its null is, only the host's tells for sure.
            FdSlot stdin = _plan.NewSlot("standard input");
            _plan.Child(new OpenOp(null, "/dev/null", OpenFlags.O_RDWR, ResolveFlags.RESOLVE_NO_SYMLINKS, stdin), "without -i the command reads from nothing", "the command could read what is typed for the shell that started csrun");
            _plan.Child(new Dup3Op(stdin, 0, CloseOnExec: false), "standard input", "standard input would stay the caller's terminal or pipe");
        }
    }

    /// <summary>Fills /dev.</summary>
    public void Populate()
    {
        FdSlot dev = Dev!.Value;
        foreach ((string name, uint major, uint minor) in CanMknod ? Defaults : [])
        {
            _plan.Child(new MknodOp(dev, name, 0x2000 | 0x1b6, major, minor), $"/dev/{name}", "programs that open it fail with ENOENT; without /dev/null hardly a shell script works");
        }

        foreach ((string name, FdSlot source) in _bound)
        {
            Bind(dev, name, source);
        }

        foreach (Device device in context.Spec.Linux?.Devices ?? [])
        {
            Make(dev, device);
        }

        Link("fd", "/proc/self/fd");
        Link("stdin", "/proc/self/fd/0");
        Link("stdout", "/proc/self/fd/1");
        Link("stderr", "/proc/self/fd/2");
        Link("core", "/proc/kcore");
        Link("ptmx", "pts/ptmx");

        if (context.Spec.Process is { Terminal: false } && !context.Request.Interactive)
        {
            FdSlot stdin = _plan.NewSlot("standard input");
            _plan.Child(new OpenOp(dev, "null", OpenFlags.O_RDWR, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, stdin), "without -i the command reads from nothing", "the command could read what is typed for the shell that started csrun");
            _plan.Child(new Dup3Op(stdin, 0, CloseOnExec: false), "standard input", "standard input would stay the caller's terminal or pipe");
        }

        void Link(string name, string target) => _plan.Child(new SymlinkOp(target, dev, name), $"/dev/{name}, as programs expect it", "programs that name it fail with ENOENT; bash's <(...) needs /dev/fd, and openpty(3) needs /dev/ptmx");
    }

    /// <summary>Makes the terminal, once the container's devpts is in place.</summary>
    public void Terminal()
    {
        if (context.Spec.Process is not { Terminal: true } process)
        {
            return;
        }

        if (Devpts is not { } devpts || Dev is not { } dev)
        {
            throw new Linux.CsrunException("a terminal needs a devpts of the container's own", "process.terminal is true, but no mount of type devpts (and a tmpfs on /dev) is in mounts", "add the standard mounts of /dev and /dev/pts to the configuration");
        }

        FdSlot peer = _plan.NewSlot("terminal");
        TerminalPeer = peer;
        (ushort rows, ushort columns) = context.TerminalSize;
        _plan.Child(new TerminalOp(devpts, _plan.NewSlot("terminal master"), peer, context.Control, rows, columns), "a terminal of the container's own; csrun keeps the other end", "the command would have the caller's own terminal, into which it could push input (TIOCSTI), to be read by the caller's shell after it");
        _plan.Child(new FchownOp(peer, process.User.Uid, uint.MaxValue), "the terminal belongs to the container's user", "a command that is not root could not open its own terminal again, which ssh, sudo and gpg do");
        FdSlot console = _plan.NewSlot("console");
        _plan.Child(new OpenTreeOp(peer, "", Recursive: false, console), "the same terminal as a mount", "there would be nothing to mount on /dev/console");
        Bind(dev, "console", console);
    }

    /// <summary>A node of the configuration; a FIFO can be made everywhere, a device is bound where it cannot be made.</summary>
    private void Make(FdSlot dev, Device device)
    {
        if (!CanMknod && device.Type != "p")
        {
            return;
        }

        uint type = device.Type switch
        {
            "b" => 0x6000,
            "p" => 0x1000,
            _ => 0x2000,
        };
        string name = RelativeToDev(device.Path);
        Parents(dev, name);
        _plan.Child(new MknodOp(dev, name, type | (device.FileMode ?? 0x1b6) & 0xfff, (uint)(device.Major ?? 0), (uint)(device.Minor ?? 0)), $"{device.Path} of the configuration", "programs that open it fail with ENOENT");
        if ((device.Uid ?? 0) != 0 || (device.Gid ?? 0) != 0)
        {
            _plan.Child(new FchownatOp(dev, name, device.Uid ?? 0, device.Gid ?? 0), $"the owner of {device.Path}", "it would be root's, and users whom the configuration means could not open it");
        }
    }

    private void Parents(FdSlot dev, string name)
    {
        for (int slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            _plan.Child(new MkdirOp(dev, name[..slash], 0x1ed), "a directory of /dev", "the device below it could not be made: ENOENT");
        }
    }

    private FdSlot Clone(string path)
    {
        FdSlot slot = _plan.NewSlot(path);
        _plan.Child(new OpenTreeOp(null, path, Recursive: false, slot, NoFollow: true), $"the host's {path}: device nodes cannot be made in a user namespace", "mknod would fail with EPERM, and the container had an empty /dev");
        if (HostRootIsInside)
        {
            _plan.Child(new MountSetattrOp(slot, "", Recursive: false, MountAttr.MOUNT_ATTR_RDONLY), "mode and owner of the host's node stay as they are; reading and writing go on", "root of the container is root of the host here, and chmod would reach the host's own node");
        }

        return slot;
    }

    private void Bind(FdSlot dev, string path, FdSlot source)
    {
        string name = RelativeToDev(path);
        Parents(dev, name);
        FdSlot file = _plan.NewSlot($"/dev/{name}");
        _plan.Child(new OpenOp(dev, name, OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_RDONLY, ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS, file, 0x1b6), $"a mount point for /dev/{name}", "a mount needs something to lie on: move_mount would fail with ENOENT");
        _plan.Child(new MoveMountOp(source, file, $"/dev/{name}"), $"/dev/{name}", "the name would be that of an empty file: what is written there would fill memory, and nothing could be read");
    }

    private static string RelativeToDev(string path) => path.StartsWith("/dev/", StringComparison.Ordinal) ? path[5..] : path;
}
