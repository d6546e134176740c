using System.Buffers;
using System.Collections;
using Csrun.Labs.Model;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;

namespace Csrun.Labs.Running;

/// <summary>Where labs work: a directory of their own, with a store and state of its own, and the accounts that type the commands.</summary>
/// <remarks>A lab's containers are therefore never among the caller's own, and no image of the caller's is touched.</remarks>
internal sealed class LabWorkplace : IDisposable
{
    /// <summary>The directory, below the workplace, of the caller's containers and images.</summary>
    internal const string CallersState = "state";

    /// <summary>The same of the ordinary user that root becomes.</summary>
    internal const string UsersState = "user-state";

    private const uint OpenToAll = 0x1ed; // 0755: IDs of a container have to be able to pass
    private static readonly string[] s_kept = ["HOME", "USER", "LOGNAME", "TERM", "TZ", "XDG_RUNTIME_DIR"];
    private static readonly string[] s_system = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    private static readonly SearchValues<char> s_variableName = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

    private readonly ILabHost _host;
    private readonly LabDirectory _directory;

    /// <summary>Makes the directory.</summary>
    /// <param name="host">The program around it.</param>
    /// <param name="keep">Whether the directory stays.</param>
    /// <exception cref="CsrunException">It cannot be made.</exception>
    internal LabWorkplace(ILabHost host, bool keep)
    {
        _host = host;
        _directory = LabDirectory.Make(keep);
        LetOthersPass();
        Caller = CallingAccount();
        CandidateUser = Caller.Uid != 0 ? Caller : OrdinaryUser();
    }

    /// <summary>The directory.</summary>
    internal string Path => _directory.Path;

    /// <summary>Whoever runs the labs.</summary>
    internal LabAccount Caller { get; }

    /// <summary>The caller where it is an ordinary user; else one with lines in subuid(5) and subgid(5). Whether it can run a container is tried elsewhere.</summary>
    internal LabAccount? CandidateUser { get; }

    /// <summary>Whose commands an actor's are.</summary>
    internal LabAccount Account(LabActor actor) => actor == LabActor.User ? CandidateUser ?? Caller : Caller;

    /// <summary>Makes a lab's directory and goes there.</summary>
    /// <exception cref="CsrunException">It cannot be made.</exception>
    internal string Enter(string name, LabAccount owner)
    {
        string path = MakeDirectory(name, owner, OpenToAll);
        Environment.CurrentDirectory = path;
        return path;
    }

    /// <summary>A program of the host, looked for where commands are looked for; null when there is none.</summary>
    internal static string? Find(string program)
    {
        foreach (string directory in SearchPath())
        {
            string path = $"{directory}/{program}";
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>What has to be started so that an account runs these words.</summary>
    /// <exception cref="CsrunException">The program is not installed.</exception>
    internal (string Path, List<string> Args, List<string> Env) Line(LabAccount account, List<string> words)
    {
        List<string> env = [.. account.Env];
        int first = 0;
        while (first < words.Count - 1 && IsAssignment(words[first]))
        {
            string name = words[first][..(words[first].IndexOf('=', StringComparison.Ordinal) + 1)];
            env.RemoveAll(entry => entry.StartsWith(name, StringComparison.Ordinal));
            env.Add(words[first++]);
        }

        string program = words[first];
        string path = program == "csrun" ? _host.Binary : program.Contains('/', StringComparison.Ordinal) ? program : Find(program)
            ?? throw new CsrunException($"{program} cannot be run", "it is not installed", $"install the package that has {program}");
        List<string> rest = words[(first + 1)..];
        return account.Become.Count == 0
            ? (path, [program, .. rest], env)
            : (account.Become[0], [.. account.Become, program == "csrun" ? path : program, .. rest], env);
    }

    /// <summary>Removes one directory below the workplace, with the mounts in it.</summary>
    /// <returns>What is left, a line each.</returns>
    internal List<string> Remove(string name)
    {
        Environment.CurrentDirectory = "/";
        List<string> left = LabMounts.Detach($"{Path}/{name}");
        if (left.Count == 0 && _host.RemoveTree($"{Path}/{name}") is { } why)
        {
            left.Add($"{Path}/{name}: {why}");
        }

        // Removing files of other IDs closes the directory above them.
        LetOthersPass();
        return left;
    }

    /// <summary>Removes a tree, whoever's the files in it are.</summary>
    /// <returns>Why something is left, or null.</returns>
    internal string? RemoveTree(string path) => _host.RemoveTree(path);

    /// <summary>Lets go of the directory.</summary>
    public void Dispose() => _directory.Dispose();

    /// <summary>Removes everything.</summary>
    /// <returns>What is left, a line each.</returns>
    internal List<string> RemoveAll()
    {
        List<string> left = [];
        foreach (string name in Directory.EnumerateFileSystemEntries(Path))
        {
            left.AddRange(Remove(System.IO.Path.GetFileName(name)));
        }

        if (left.Count == 0)
        {
            Directory.Delete(Path);
        }

        return left;
    }

    private string MakeDirectory(string name, LabAccount owner, uint mode)
    {
        string path = $"{Path}/{name}";
        Sys.Mkdirat(null, path, mode).OrThrow("mkdirat", path);
        using SafeFd directory = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW).FdOrThrow("openat2", path);
        Sys.Fchmod(directory, mode).OrThrow("fchmod", path);
        if (owner.Uid != Sys.Geteuid())
        {
            Sys.Fchown(directory, owner.Uid, owner.Gid).OrThrow("fchown", path);
        }

        return path;
    }

    private void LetOthersPass()
    {
        using SafeFd directory = Sys.Openat2(null, Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW).FdOrThrow("openat2", Path);
        Sys.Fchmod(directory, OpenToAll).OrThrow("fchmod", Path);
    }

    private LabAccount CallingAccount()
    {
        uint uid = Sys.Geteuid();
        PasswdEntry? entry = HostUser.Find(uid);
        LabAccount account = new(entry?.Name ?? $"user{uid}", uid, Sys.Getegid(), [], []);
        List<string> env = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (s_kept.Contains((string)variable.Key))
            {
                env.Add($"{variable.Key}={variable.Value}");
            }
        }

        return account with { Env = [.. env, .. Common(account, CallersState)] };
    }

    private LabAccount? OrdinaryUser()
    {
        if (Find("setpriv") is not { } setpriv || !File.Exists("/etc/subuid"))
        {
            return null;
        }

        byte[] users = File.ReadAllBytes(PasswdFile.DefaultPath);
        foreach (SubIdEntry line in SubIdFile.Parse(File.ReadAllBytes("/etc/subuid"), "/etc/subuid").Entries)
        {
            PasswdEntry? entry = PasswdFile.Find(users, line.Owner);
            if (entry is null || entry.Uid == 0 || SubIds.Read(entry.Uid, entry.Name) is not { Uids.Length: > 0, Gids.Length: > 0 })
            {
                continue;
            }

            string[] become = [setpriv, $"--reuid={entry.Uid}", $"--regid={entry.Gid}", "--init-groups", "--inh-caps=-all", "--"];
            LabAccount account = new(entry.Name, entry.Uid, entry.Gid, become, []);
            return account with { Env = [$"HOME={entry.Home}", $"USER={entry.Name}", $"LOGNAME={entry.Name}", .. Common(account, UsersState)] };
        }

        return null;
    }

    private string[] Common(LabAccount account, string state) =>
        [$"CSRUN_ROOT={MakeDirectory(state, account, 0x1c0)}", $"CSRUN_IMAGE_PATH={_host.ImagePath}", $"PATH={string.Join(':', SearchPath().Prepend(System.IO.Path.GetDirectoryName(_host.Binary)))}", "LANG=C.UTF-8"];

    private static IEnumerable<string> SearchPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(directory => directory.StartsWith('/')).Concat(s_system).Distinct();

    private static bool IsAssignment(string word)
    {
        int at = word.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && word.AsSpan(0, at).IndexOfAnyExcept(s_variableName) < 0;
    }
}
