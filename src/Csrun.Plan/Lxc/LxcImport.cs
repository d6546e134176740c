using System.Collections.Immutable;
using Csrun.Linux.IdMaps;
using Csrun.Linux.IdMaps.Notations;
using Csrun.Oci;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Lxc;

/// <summary>Makes an OCI configuration of an LXC one.</summary>
/// <remarks>lxc.container.conf(5); OCI runtime-spec, config.md.</remarks>
public sealed partial class LxcImport
{
    private readonly List<LxcMistake> _mistakes;
    private readonly List<string> _leftOut;
    private readonly ImmutableArray<IdMapping>.Builder _uids = ImmutableArray.CreateBuilder<IdMapping>();
    private readonly ImmutableArray<IdMapping>.Builder _gids = ImmutableArray.CreateBuilder<IdMapping>();
    private readonly List<Mount> _mounts = [];
    private readonly List<string> _env = ["container=lxc"];
    private LxcLine? _rootfs;
    private LxcLine? _firstIdMap;
    private string? _hostname;
    private bool _readOnly;
    private bool _hostNetwork;
    private uint _initUid;
    private uint _initGid;
    private string _cwd = "/";
    private IReadOnlyList<string> _args = ["/sbin/init"];

    private LxcImport(LxcConfigFile config)
    {
        _mistakes = [.. config.Mistakes];
        _leftOut = [.. config.LeftOut];
    }

    /// <summary>Every mistake, with its line. Where there is one, <see cref="Spec"/> is not to be used.</summary>
    public IReadOnlyList<string> Mistakes => [.. _mistakes.OrderBy(m => m.Order).Select(m => m.Text)];

    /// <summary>The lines that have no part in the result, each with the reason.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>The configuration; its root file system is an absolute path.</summary>
    public Spec Spec { get; private set; } = new();

    /// <summary>Converts a configuration.</summary>
    /// <param name="config">What was read.</param>
    /// <param name="exists">Whether a path of the host exists, for mounts that are optional.</param>
    public static LxcImport Convert(LxcConfigFile config, Func<string, bool> exists)
    {
        LxcImport import = new(config);
        foreach (LxcLine line in config.Lines)
        {
            import.Take(line, exists);
        }

        import.Finish(config);
        return import;
    }

    private void Take(LxcLine line, Func<string, bool> exists)
    {
        switch (line.Key)
        {
            case "lxc.rootfs.path":
                Rootfs(line);
                break;
            case "lxc.rootfs.options":
                RootfsOptions(line);
                break;
            case "lxc.uts.name":
                Hostname(line);
                break;
            case "lxc.idmap":
                IdMapLine(line);
                break;
            case "lxc.mount.entry":
                MountEntry(line, exists);
                break;
            case "lxc.environment":
                Environment(line);
                break;
            case "lxc.init.cmd" or "lxc.execute.cmd":
                Command(line);
                break;
            case "lxc.init.cwd":
                _cwd = line.Value.StartsWith('/') ? line.Value : Mistake(line, "the path is not absolute", "/");
                break;
            case "lxc.init.uid":
                _initUid = Id(line);
                break;
            case "lxc.init.gid":
                _initGid = Id(line);
                break;
            case ['l', 'x', 'c', '.', 'n', 'e', 't', '.', _, '.', 't', 'y', 'p', 'e'] when line.Value is "none" or "empty":
                _hostNetwork = line.Value == "none";
                break;
            default:
                Other(line);
                break;
        }
    }

    private void Rootfs(LxcLine line)
    {
        string path = line.Value.StartsWith("dir:", StringComparison.Ordinal) ? line.Value[4..] : line.Value;
        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (path.StartsWith('/'))
        {
            _rootfs = line with { Value = path };
        }
        else if (colon > 0 && path[..colon].All(char.IsAsciiLetterLower))
        {
            Mistake(line, $"the storage \"{path[..colon]}\" cannot be used: csrun runs a root file system that is a directory; mount it, and write dir:/PATH", "");
        }
        else
        {
            Mistake(line, path.Length == 0 ? "the path is missing" : "the path is not absolute", "");
        }
    }

    private void RootfsOptions(LxcLine line)
    {
        foreach (string option in line.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (option is "ro" or "rw")
            {
                _readOnly = option == "ro";
            }
            else if (option != "idmap=container")
            {
                _leftOut.Add($"{line}: the option {option} has no counterpart");
            }

            // idmap=container is what csrun does for root by itself, where the owners are not the container's already.
        }
    }

    private void Hostname(LxcLine line) =>
        _hostname = line.Value.Length is > 0 and <= 64 && line.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_')
            ? line.Value
            : Mistake(line, "a host name is up to 64 letters, digits, hyphens and dots", "");

    private void IdMapLine(LxcLine line)
    {
        _firstIdMap ??= line;
        if (line.Value.Length == 0)
        {
            _uids.Clear();
            _gids.Clear();
            return;
        }

        List<string> wrong = [];
        if (LxcMapNotation.TryParse(line.Value, wrong, out bool users, out bool groups, out IdMapping mapping))
        {
            (users ? _uids : _gids).Add(mapping);
            if (users && groups)
            {
                _gids.Add(mapping);
            }
        }

        _mistakes.AddRange(wrong.Select(w => new LxcMistake(line.Order, $"{line.Place}: lxc.idmap: {w}")));
    }

    private void Environment(LxcLine line)
    {
        int equals = line.Value.IndexOf('=', StringComparison.Ordinal);
        if (line.Value.Length == 0)
        {
            _env.Clear();
        }
        else if (equals == 0)
        {
            Mistake(line, "the variable has no name", "");
        }
        else if (equals < 0)
        {
            _leftOut.Add($"{line}: the value would come from whoever starts the container: csrun run -e {line.Value}");
        }
        else
        {
            _env.Add(line.Value);
        }
    }

    private void Command(LxcLine line)
    {
        if (LxcWords.TrySplit(line.Value, out List<string> words) && words.Count != 0)
        {
            _args = words;
        }
        else
        {
            Mistake(line, line.Value.Length == 0 ? "the command is missing" : "a quote is not closed", "");
        }
    }

    private uint Id(LxcLine line)
    {
        if (IdNumber.TryParse(line.Value, out uint id))
        {
            return id;
        }

        Mistake(line, $"\"{line.Value}\" is no ID", "");
        return 0;
    }

    private void Other(LxcLine line)
    {
        if (LxcKeys.Renamed(line.Key) is { } newer)
        {
            Mistake(line, $"the name is LXC 1's and 2.0's; since LXC 2.1 it is {newer} (lxc-update-config converts files)", "");
        }
        else if (line.Key.StartsWith("lxc.", StringComparison.Ordinal))
        {
            _leftOut.Add($"{line}: {LxcKeys.WhyLeftOut(line.Key)}");
        }
        else
        {
            Mistake(line, "there is no such setting: LXC's begin with lxc.", "");
        }
    }

    private string Mistake(LxcLine line, string what, string instead)
    {
        _mistakes.Add(new LxcMistake(line.Order, $"{line.Place}: {line.Key}: {what}"));
        return instead;
    }

    private void Finish(LxcConfigFile config)
    {
        IdMap uid = new(_uids.ToImmutable()), gid = new(_gids.ToImmutable());
        if (_firstIdMap is { } first && _uids.Count + _gids.Count != 0)
        {
            foreach ((IdMap map, string kind) in (ReadOnlySpan<(IdMap, string)>)[(uid, "u"), (gid, "g")])
            {
                IEnumerable<string> problems = map.IsEmpty ? [$"there is no line for {kind}, and a user namespace needs both"] : map.Validate().Select(p => $"{kind}: {p}");
                _mistakes.AddRange(problems.Select(p => new LxcMistake(first.Order, $"{first.Place}: lxc.idmap: {p}")));
            }
        }

        if (_rootfs is null && !_mistakes.Any(m => m.Text.Contains("lxc.rootfs.path:", StringComparison.Ordinal)))
        {
            _mistakes.Add(new LxcMistake(int.MaxValue, $"{(config.Lines.Count == 0 ? "the file" : config.Lines[^1].File)}: lxc.rootfs.path is missing"));
        }

        if (_mistakes.Count == 0)
        {
            Build(uid, gid);
        }
    }

    private void Build(IdMap uid, IdMap gid) => Spec = new Spec
    {
        OciVersion = SpecVersion.Current,
        Root = new Root { Path = _rootfs!.Value, Readonly = _readOnly },
        Hostname = _hostname,
        Process = new Process
        {
            Args = _args,
            Cwd = _cwd,
            User = new User { Uid = _initUid, Gid = _initGid },
            Env = _env.Any(e => e.StartsWith("PATH=", StringComparison.Ordinal)) ? _env : [DefaultSpec.Path, .. _env],
        },
        Mounts = [.. DefaultSpec.Mounts, .. _mounts],
        Linux = new LinuxConfig
        {
            Namespaces = DefaultSpec.Namespaces(ownUser: !uid.IsEmpty, ownNetwork: !_hostNetwork),
            UidMappings = [.. uid.Mappings.Select(m => new LinuxIdMapping(m.ContainerId, m.HostId, m.Size))],
            GidMappings = [.. gid.Mappings.Select(m => new LinuxIdMapping(m.ContainerId, m.HostId, m.Size))],
            MaskedPaths = DefaultSpec.MaskedPaths,
            ReadonlyPaths = DefaultSpec.ReadonlyPaths,
        },
    };
}
