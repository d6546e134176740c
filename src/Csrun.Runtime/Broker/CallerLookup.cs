using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Net;
using Csrun.Linux.Processes;
using Csrun.Plan.Broker;

namespace Csrun.Runtime.Broker;

/// <summary>Finds out who a user is and which subordinate IDs the user has: in the machine's files at once, else in a process of its own.</summary>
/// <remarks>A directory service (LDAP, sssd) may take any time to answer, and libraries of it are loaded for that: neither is for the
/// process that has everybody's requests in its hands.</remarks>
public sealed class CallerLookup : IDisposable
{
    private readonly Spawned _process;
    private readonly StringBuilder _answer = new();

    private CallerLookup(Spawned process, SafeFd output)
    {
        _process = process;
        Output = output;
    }

    /// <summary>What the process writes; readable, then at its end.</summary>
    public SafeFd Output { get; }

    /// <summary>Answers from passwd(5), subuid(5) and subgid(5); null where the user or the ranges are kept elsewhere.</summary>
    /// <param name="peer">Who asks.</param>
    public static BrokerCaller? InFiles(PeerCredentials peer) => peer.Uid == 0
        ? new BrokerCaller(0, peer.Gid, "root", 0, SubIds.None) // nothing is granted to root, so nothing has to be known of it
        : HostUser.FindInFile(peer.Uid) is { } user && SubIds.AreInFiles()
            ? new BrokerCaller(peer.Uid, peer.Gid, user.Name, user.Gid, SubIds.Read(peer.Uid, user.Name))
            : null;

    /// <summary>Starts the process.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="arguments">The command line of csrun that calls <see cref="Answer"/>.</param>
    public static CallerLookup Start(uint uid, ImmutableArray<string> arguments)
    {
        (SafeFd read, SafeFd write) = Sys.Pipe2();
        using (write)
        {
            // A look-up needs nothing of the environment; the name services have their own files.
            Spawned.TryStart("/proc/self/exe", [.. arguments, uid.ToString(CultureInfo.InvariantCulture)], ["PATH=" + MapTool.DefaultSearchPath], [null, write], out Spawned? process).OrThrow("posix_spawn", "/proc/self/exe");
            return new CallerLookup(process!, read);
        }
    }

    /// <summary>In the process: looks up, by every source there is, and answers in lines.</summary>
    public static string Answer(uint uid)
    {
        PasswdEntry? user = HostUser.Find(uid);
        SubIds ids = user is null ? SubIds.None : SubIds.Read(uid, user.Name);
        return string.Create(CultureInfo.InvariantCulture, $"gid {user?.Gid}\nname {user?.Name}\nuids {Ranges(ids.Uids)}\ngids {Ranges(ids.Gids)}\nend\n");
    }

    /// <summary>Reads what is there.</summary>
    /// <returns>Whether the process has finished its answer, or ended.</returns>
    public bool Read()
    {
        Span<byte> buffer = stackalloc byte[4096];
        SysResult read = Sys.Read(Output, buffer);
        if (read.Ok && read.Int > 0 && _answer.Length < 1 << 20)
        {
            _answer.Append(Encoding.UTF8.GetString(buffer[..read.Int]));
            return false;
        }

        return true;
    }

    /// <summary>The answer, after <see cref="Read"/> said so; null when the process failed.</summary>
    public BrokerCaller? Result(PeerCredentials peer)
    {
        string[] lines = _answer.ToString().Split('\n');
        if (lines is not [['g', 'i', 'd', ' ', .. var gid], ['n', 'a', 'm', 'e', ' ', .. var name], ['u', 'i', 'd', 's', ' ', .. var uids], ['g', 'i', 'd', 's', ' ', .. var gids], "end", ""])
        {
            return null;
        }

        return new BrokerCaller(
            peer.Uid,
            peer.Gid,
            name.Length == 0 ? null : name,
            uint.TryParse(gid, NumberStyles.None, CultureInfo.InvariantCulture, out uint primary) ? primary : null,
            new SubIds(Ranges(uids), Ranges(gids)));
    }

    private static string Ranges(ImmutableArray<IdRange> ranges) => string.Join(' ', ranges.Select(r => $"{r.Start}+{r.Count}"));

    private static ImmutableArray<IdRange> Ranges(string text) =>
    [
        .. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('+')).Where(p => p.Length == 2)
            .Select(p => new IdRange(uint.Parse(p[0], CultureInfo.InvariantCulture), uint.Parse(p[1], CultureInfo.InvariantCulture))),
    ];

    /// <inheritdoc/>
    public void Dispose()
    {
        // It may hang in a name service: nothing else ends it.
        _process.Kill();
        _process.Wait();
        Output.Dispose();
    }
}
