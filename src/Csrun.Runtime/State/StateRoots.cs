using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.State;

/// <summary>Where csrun keeps what lasts and what does not.</summary>
/// <param name="Data">Images and containers' layers.</param>
/// <param name="Run">What does not survive a restart of the machine.</param>
/// <remarks>XDG Base Directory Specification; root has /var/lib and /run. <c>--root</c> and CSRUN_ROOT move both.</remarks>
public sealed record StateRoots(string Data, string Run)
{
    /// <summary>The directories that hold containers: csrun's own, and those that an engine of this user's has made in its user namespace.</summary>
    public IReadOnlyList<string> ContainerParents => Data == Run ? [$"{Data}/containers"] : [$"{Data}/containers", $"{Run}/containers"];

    /// <summary>Decides where.</summary>
    /// <param name="root">The value of --root or CSRUN_ROOT, or null.</param>
    /// <exception cref="CsrunException">An ordinary user has no home directory.</exception>
    public static StateRoots Find(string? root)
    {
        if (!string.IsNullOrEmpty(root))
        {
            string full = Path.GetFullPath(root);
            return Checked(new StateRoots(full, $"{full}/run"));
        }

        // Root of an engine's own user namespace (rootless podman) is an ordinary user, and keeps what is its own where that user does.
        // There, and not in a home: engines call some verbs without HOME. A csrun of that user finds these containers, too.
        bool rootless = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is ['/', ..] && Environment.GetEnvironmentVariable("USER") is not "root" && !HostFactsProbe.IsInitialUserNamespace();
        if (Sys.Geteuid() == 0 && rootless)
        {
            string place = $"{Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR")}/csrun";
            return Checked(new StateRoots(place, place));
        }

        if (Sys.Geteuid() == 0)
        {
            return Checked(new StateRoots("/var/lib/csrun", "/run/csrun"));
        }

        string data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is ['/', ..] dataHome
            ? $"{dataHome}/csrun"
            : $"{Home()}/.local/share/csrun";
        // Without a runtime directory: below the data directory, which is private. Never a name in /tmp that others can guess.
        string run = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is ['/', ..] runtime ? $"{runtime}/csrun" : $"{data}/run";
        return Checked(new StateRoots(data, run));
    }

    /// <summary>Refuses a directory in which somebody else could put an image's files, or a link, in place of csrun's.</summary>
    private static StateRoots Checked(StateRoots roots)
    {
        SysResult opened = Sys.Openat2(null, roots.Data, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return roots; // made 0700 when it is needed
        }

        using SafeFd directory = new(opened.Int);
        Sys.Statx(directory, "", out FileStat stat).OrThrow("statx", roots.Data);
        string? why = stat.uid != Sys.Geteuid() ? $"it belongs to user {stat.uid}, who could put other files in place of an image's"
            : (stat.mode & 0x12) != 0 ? $"others may write in it (mode {Convert.ToString(stat.mode & 0xfff, 8)}), and could put other files in place of an image's"
            : null;
        return why is null ? roots : throw new CsrunException(
            $"csrun's state cannot be kept in \"{roots.Data}\"",
            why,
            stat.uid == Sys.Geteuid() ? $"chmod go-w \"{roots.Data}\"" : "name a directory of your own: --root DIR, or CSRUN_ROOT");
    }

    private static string Home() => Environment.GetEnvironmentVariable("HOME") is ['/', ..] home
        ? home
        : throw new CsrunException("there is no place for csrun's images and containers", "HOME, XDG_DATA_HOME and CSRUN_ROOT are all unset", "export CSRUN_ROOT=/path/to/a/private/directory");
}
