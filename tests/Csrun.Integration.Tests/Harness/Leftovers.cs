using System.Globalization;

namespace Csrun.Integration.Tests.Harness;

/// <summary>What a run could leave behind: processes, mounts, cgroups and directories. Taken before, compared after.</summary>
public sealed class Leftovers
{
    private readonly Account _account;
    private readonly string _stateRoot;
    private readonly HashSet<string> _before;

    private Leftovers(Account account, string stateRoot)
    {
        _account = account;
        _stateRoot = stateRoot;
        _before = Look();
    }

    /// <summary>Looks at the machine as it is now. Call it after a first run, which unpacks the image.</summary>
    public static Leftovers Before(Sandbox sandbox, Identity identity) => new(Host.Of(identity), sandbox.Root(identity));

    /// <summary>Asserts that nothing new is there; what is about to end gets two seconds.</summary>
    /// <param name="places">Directories of the state root that stay when they have been made once; what is in them does not count as theirs.</param>
    public void AssertNone(params string[] places)
    {
        _before.UnionWith(places.Select(place => $"directory {_stateRoot}/{place}"));
        List<string> left = [];
        for (int i = 0; i < 40; i++)
        {
            left = [.. Look().Except(_before)];
            if (left.Count == 0)
            {
                return;
            }

            Thread.Sleep(50);
        }

        left.Sort(StringComparer.Ordinal);
        Assert.Fail($"{left.Count} things left behind:\n" + string.Join('\n', left.Take(30)));
    }

    private HashSet<string> Look()
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        found.UnionWith(Processes().Select(text => "process " + text));
        found.UnionWith(File.ReadLines("/proc/self/mountinfo").Select(line => "mount " + line));
        found.UnionWith(Tree.Directories(_stateRoot, 4).Select(path => "directory " + path));
        found.UnionWith(Tree.Directories("/sys/fs/cgroup", 6)
            .Where(path => path.Contains("csrun", StringComparison.Ordinal)).Select(path => "cgroup " + path));
        foreach (string place in (string[])["/tmp", "/var/tmp", "/dev/shm", "/run"])
        {
            found.UnionWith(Tree.Directories(place, 1)
                .Where(path => path.Contains("/csrun", StringComparison.Ordinal) && !path.Contains("csrun-it-", StringComparison.Ordinal))
                .Select(path => "directory " + path));
        }

        return found;
    }

    /// <summary>Processes of the user and of its subordinate IDs that csrun could have left: children of ours, or orphans.</summary>
    private IEnumerable<string> Processes()
    {
        Dictionary<int, (long Uid, int Parent, string Text)> all = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                continue;
            }

            try
            {
                string status = File.ReadAllText(Path.Combine(directory, "status"));
                string command = File.ReadAllText(Path.Combine(directory, "cmdline")).Replace('\0', ' ');
                long uid = long.Parse(Line(status, "Uid:")[0], CultureInfo.InvariantCulture);
                int parent = int.Parse(Line(status, "PPid:")[0], CultureInfo.InvariantCulture);
                all[pid] = (uid, parent, $"{pid} uid={uid} {string.Join(' ', Line(status, "Name:"))} {string.Join(' ', Line(status, "State:"))} {command}");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or IndexOutOfRangeException)
            {
                continue; // it has ended meanwhile
            }
        }

        foreach ((int pid, (long uid, int parent, string text)) in all)
        {
            if (pid == Environment.ProcessId || !IsOurs(uid, text))
            {
                continue;
            }

            // Someone else may be at work as the same user: then the topmost process of that user has a living parent.
            int above = parent;
            while (all.TryGetValue(above, out (long Uid, int Parent, string Text) next) && above != Environment.ProcessId && IsOurs(next.Uid, next.Text))
            {
                above = next.Parent;
            }

            // What has ended is init's to reap, at its leisure.
            bool zombie = text.Contains(" Z (zombie)", StringComparison.Ordinal);
            if ((above <= 1 && !zombie) || above == Environment.ProcessId)
            {
                yield return text;
            }
        }
    }

    private bool IsOurs(long uid, string text) => _account.Uid != 0 && Host.IsRoot
        ? uid == _account.Uid || (uid >= _account.SubUid && uid < _account.SubUid + _account.SubUidCount)
        : text.Contains(" csrun ", StringComparison.Ordinal) || text.Contains(Host.Csrun, StringComparison.Ordinal);

    private static string[] Line(string status, string key) =>
        status.Split('\n').FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..]
            .Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries) ?? [];
}
