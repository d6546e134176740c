using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Processes;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>One run of newuidmap or newgidmap.</summary>
internal sealed class MapToolRun : IDisposable
{
    private static readonly string[] s_gates = ["newuidmap", "newgidmap", "subordinate-overlap"];

    private readonly string _name;
    private readonly ImmutableArray<IdMapping> _map;
    private readonly SafeFd _messages;
    private readonly MapTool _tool;
    private Spawned? _process;

    public MapToolRun(string name, int pid, ImmutableArray<IdMapping> map)
    {
        _name = name;
        _map = map;
        string? path = Environment.GetEnvironmentVariable("PATH");
        _tool = name == "newuidmap" ? MapTool.NewUidMap(path) : MapTool.NewGidMap(path);
        if (_tool.Path is null)
        {
            throw new CsrunException(
                $"{name} is missing [HELPER_MISSING]",
                "it writes the maps of subordinate IDs, which an ordinary user may not",
                "sudo apt install uidmap (Debian, Ubuntu), sudo dnf install shadow-utils (Fedora, Alma), sudo pacman -S shadow (Arch)")
            { Gates = s_gates };
        }

        _messages = Sys.MemfdCreate($"csrun-{name}", allowSealing: false).FdOrThrow("memfd_create");
        List<string> args = [name, pid.ToString()];
        foreach (IdMapping mapping in map)
        {
            args.Add(mapping.ContainerId.ToString());
            args.Add(mapping.HostId.ToString());
            args.Add(mapping.Size.ToString());
        }

        Spawned.TryStart(_tool.Path, args, [], [null, _messages, _messages], out _process).OrThrow("posix_spawn", _tool.Path);
    }

    public void Finish()
    {
        int code = _process!.Wait();
        _process = null;
        if (code == 0)
        {
            return;
        }

        Sys.Lseek(_messages, 0, 0);
        string said = Encoding.UTF8.GetString(SmallFile.ReadAll(_messages, 4096) ?? []).Trim();
        string kind = _name == "newuidmap" ? "uid" : "gid";
        string what = $"{_name} could not write the map {string.Join(", ", _map)}: it ended with {code}{(said.Length > 0 ? $", saying \"{said}\"" : "")}";
        throw _tool.State != MapToolState.Privileged
            ? new CsrunException($"{what} [HELPER_NOT_PRIVILEGED]", $"{_tool.Path}: {_tool.Why}", $"sudo chmod u+s {_tool.Path}, or reinstall its package") { Gates = s_gates }
            : new CsrunException(what, $"it decides by /etc/sub{kind}, or by what /etc/nsswitch.conf names for subid, and does not find these IDs there for the caller", $"getsubids{(kind == "gid" ? " -g" : "")} $(id -un); grep ^subid /etc/nsswitch.conf") { Gates = s_gates };
    }

    public void Dispose()
    {
        // Once only: a failure of the other tool disposes of this one before the launch that failed does.
        Spawned? process = _process;
        _process = null;
        process?.Wait();
        _messages.Dispose();
    }
}
