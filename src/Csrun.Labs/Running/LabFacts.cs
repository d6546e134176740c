using Csrun.Labs.Model;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Labs.Running;

/// <summary>What this machine and this caller have; each thing is tried once.</summary>
internal sealed class LabFacts(LabWorkplace workplace) : ILabFacts
{
    private const UnixFileMode Everyone = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const string InitialMap = "0 0 4294967295";

    private readonly Dictionary<string, string?> _images = [];
    private readonly Dictionary<string, string?> _fileSystems = [];
    private string? _whyNoUser;
    private string? _image;
    private bool _userTried;
    private string? _whyNoMapOfRoot;
    private bool _rootTried;

    /// <inheritdoc/>
    public string? WhyNotRoot =>
        Sys.Geteuid() != 0 ? $"needs root, and {workplace.Caller.Name} is not (sudo csrun lab run ...)"
        : string.Join(' ', File.ReadAllText("/proc/self/uid_map").Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)) != InitialMap
            ? "needs root of the host, and this is root of a user namespace"
            : null;

    /// <inheritdoc/>
    public string? WhyNoUser
    {
        get
        {
            if (!_userTried)
            {
                _whyNoUser = TryUser();
                _userTried = true;
            }

            return _whyNoUser;
        }
    }

    /// <summary>The first subordinate user ID of the ordinary user, read in a container of its own; 0 before <see cref="WhyNoUser"/> has been asked.</summary>
    internal uint FirstSubUid { get; private set; }

    /// <summary>The first subordinate group ID likewise.</summary>
    internal uint FirstSubGid { get; private set; }

    /// <inheritdoc/>
    public string Image => _image ??= WhyNoImage("alpine") is null ? "alpine" : "busybox";

    /// <inheritdoc/>
    public string? WhyNoImage(string name)
    {
        if (!_images.TryGetValue(name, out string? why))
        {
            why = Try(workplace.Caller, [name, "true"], out _);
            _images.Add(name, why);
        }

        return why;
    }

    /// <inheritdoc/>
    public string? WhyNoFileSystem(string type)
    {
        if (!_fileSystems.TryGetValue(type, out string? why))
        {
            // fsopen(2) loads the module that has the file system, if there is one.
            SysResult opened = Sys.Fsopen(type);
            using SafeFd? context = opened.Ok ? new SafeFd(opened.Int) : null;
            why = opened.Ok ? null : $"the kernel cannot mount {type}: fsopen(\"{type}\") answers {opened.Errno}";
            _fileSystems.Add(type, why);
        }

        return why;
    }

    /// <inheritdoc/>
    public string? WhyNoSecondMap
    {
        get
        {
            using SafeFd root = Sys.Openat2(null, "/", OpenFlags.O_PATH).FdOrThrow("openat2", "/");
            SysResult copied = Sys.OpenTreeAttrClone(root, recursive: false, new MountChange());
            using SafeFd? copy = copied.Ok ? new SafeFd(copied.Int) : null;
            return copied.Errno == Errno.ENOSYS ? "the kernel has no open_tree_attr(2), which came with Linux 6.15" : null;
        }
    }

    /// <inheritdoc/>
    public string? WhyNoMapOfRoot
    {
        get
        {
            if (!_rootTried)
            {
                _whyNoMapOfRoot = TryMapOfRoot();
                _rootTried = true;
            }

            return _whyNoMapOfRoot;
        }
    }

    /// <inheritdoc/>
    public string? WhyNoFuse =>
        !File.Exists("/dev/fuse") ? "there is no /dev/fuse"
        : (File.GetUnixFileMode("/dev/fuse") & Everyone) != Everyone ? "an ordinary user may not open /dev/fuse"
        : null;

    /// <inheritdoc/>
    public string? FindTool(string name) => LabWorkplace.Find(name);

    private string? TryUser()
    {
        if (workplace.CandidateUser is not { } user)
        {
            return LabWorkplace.Find("setpriv") is null
                ? "root becomes an ordinary user with setpriv, which is not installed"
                : "no ordinary user of this machine has lines in /etc/subuid and /etc/subgid";
        }

        if (Try(user, [Image, "cat", "/proc/self/uid_map", "/proc/self/gid_map"], out string output) is { } why)
        {
            return $"as {user.Name}: {why}";
        }

        List<uint[]> maps = [];
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            maps.Add([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)]);
        }

        if (maps is not [[0, _, 1], [1, uint uid, >= 65535], [0, _, 1], [1, uint gid, >= 65535]])
        {
            return $"{user.Name} has no 65536 subordinate IDs in one piece";
        }

        (FirstSubUid, FirstSubGid) = (uid, gid);
        return null;
    }

    private string? TryMapOfRoot()
    {
        string probe = $"{workplace.Path}/probe";
        Directory.CreateDirectory(probe);
        try
        {
            (string path, List<string> args, List<string> env) = workplace.Line(workplace.Caller, ["csrun", "idmap", "mount", "--map-mount", "b:1:1:65535", "/", probe]);
            (int exitCode, string output) = LabProcess.Run(path, args, env);
            return exitCode != 0 ? OneLine(output)
                : Directory.Exists(probe + workplace.Path) ? null
                : $"{workplace.Path} is on another file system than /";
        }
        finally
        {
            LabMounts.Detach(probe);
            Directory.Delete(probe);
        }
    }

    // Runs a container; answers the first line of why it did not.
    private string? Try(LabAccount account, string[] words, out string output)
    {
        try
        {
            (string path, List<string> args, List<string> env) = workplace.Line(account, ["csrun", "run", .. words]);
            (int exitCode, output) = LabProcess.Run(path, args, env);
            return exitCode == 0 ? null : $"csrun run {CommandWords.Join(words)}: {OneLine(output)}";
        }
        catch (CsrunException e)
        {
            output = "";
            return $"{e.Message}: {e.Why}";
        }
    }

    private static string OneLine(string report) =>
        string.Join("; ", report.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(2));
}
