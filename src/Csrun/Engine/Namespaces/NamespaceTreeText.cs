using System.Text;
using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Namespaces;
using Csrun.Terminal;

namespace Csrun.Engine.Namespaces;

/// <summary>The user namespaces as a tree: owner, maps, what each owns, and who is in it.</summary>
/// <param name="survey">What was seen.</param>
/// <param name="containers">The first processes of containers, with their containers' names.</param>
/// <param name="asRoot">Whether the caller is root already, and cannot become more.</param>
internal sealed class NamespaceTreeText(NamespaceSurvey survey, IReadOnlyDictionary<int, string> containers, bool asRoot)
{
    // A host has hundreds of processes; more than these are counted.
    private const int ListedProcesses = 6;
    private const int NamedMembers = 3;
    private readonly StringBuilder _text = new();

    /// <summary>Draws it.</summary>
    internal string Draw()
    {
        foreach (UserNamespaceInfo root in survey.Roots)
        {
            Node(root, "", "");
        }

        if (!survey.OwnerUnknown.IsEmpty)
        {
            _text.Append("namespaces whose owner is no user namespace of yours, nor one made in yours (ioctl_ns(2), NS_GET_USERNS: EPERM)\n");
            survey.OwnerUnknown.ToList().ForEach(o => _text.Append("   ").Append(Owned(o, [], label: true)).Append('\n'));
        }

        if (!survey.Hidden.IsEmpty)
        {
            _text.Append($"not seen: {string.Join(", ", survey.Hidden.Select(h => $"{Count(h.Count, "process")} of {Named(h.Uid)}"))}\n");
            _text.Append("   /proc/PID/ns of another user, or of a process that protects itself, opens to those with CAP_SYS_PTRACE only (ptrace(2));\n");
            _text.Append($"   namespaces that they alone are in are missing above{(asRoot ? "" : ": sudo csrun ns")}\n");
        }

        return _text.ToString();
    }

    private void Node(UserNamespaceInfo user, string first, string rest)
    {
        List<UserNamespaceInfo> children = [.. survey.ChildrenOf(user)];
        _text.Append(first).Append(Head(user)).Append('\n');
        string body = rest + (children.Count == 0 ? "   " : "│  ");
        foreach (string line in Body(user))
        {
            _text.Append(body).Append(line).Append('\n');
        }

        for (int i = 0; i < children.Count; i++)
        {
            bool last = i == children.Count - 1;
            Node(children[i], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
        }
    }

    private string Head(UserNamespaceInfo user)
    {
        List<string> marks = [];
        if (user.IsInitial)
        {
            marks.Add("the host's first one");
        }

        if (survey.IsOwn(NamespaceKind.User, user.Inode))
        {
            marks.Add("yours");
        }
        else
        {
            marks.AddRange(user.Processes.Where(p => containers.ContainsKey(p.Pid)).Select(p => $"container {Printable.Of(containers[p.Pid])}"));
        }

        if (user.Parent is null && !user.IsInitial)
        {
            marks.Add("its parent is out of your sight");
        }

        return $"user:[{user.Inode}]{(marks.Count == 0 ? "" : "  " + string.Join(", ", marks))}";
    }

    private IEnumerable<string> Body(UserNamespaceInfo user)
    {
        yield return $"owner    {(user.OwnerUid is { } uid ? Named(uid) : "not told")}";
        foreach (string line in Maps(user))
        {
            yield return line;
        }

        NamespaceKind? kind = null;
        foreach (NamespaceInfo owned in user.Owns)
        {
            yield return Owned(owned, user.Processes, label: owned.Kind != kind);
            kind = owned.Kind;
        }

        if (user.Mount is { } mount)
        {
            yield return $"kept by  a mount at {Printable.Of(mount)}";
        }

        if (user.Processes.IsEmpty)
        {
            yield return "process  none that you can see; a namespace made in it, a mount or a descriptor keeps it";
        }

        for (int i = 0; i < user.Processes.Length; i++)
        {
            string label = i == 0 ? "process  " : "         ";
            if (i == ListedProcesses && user.Processes.Length > ListedProcesses + 1)
            {
                yield return $"{label}and {user.Processes.Length - i} more (csrun ns --json has them all)";
                break;
            }

            yield return label + Process(user.Processes[i]);
        }
    }

    private static IEnumerable<string> Maps(UserNamespaceInfo user)
    {
        if (user.Maps is not { } maps)
        {
            yield break;
        }

        foreach (string line in Map("uid_map", maps.Uid))
        {
            yield return line;
        }

        foreach (string line in maps.Gid.Equals(maps.Uid) ? ["gid_map  the same"] : Map("gid_map", maps.Gid))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Map(string name, IdMap map)
    {
        if (map.IsEmpty)
        {
            yield return $"{name}  empty: every ID is nobody's (65534)";
        }

        for (int i = 0; i < map.Mappings.Length; i++)
        {
            IdMapping m = map.Mappings[i];
            yield return $"{(i == 0 ? name : "       ")}  {m.ContainerId,10} {m.HostId,10} {m.Size,10}";
        }
    }

    private string Owned(NamespaceInfo owned, IReadOnlyList<NamespaceProcess> inUser, bool label)
    {
        bool own = survey.IsOwn(owned.Kind, owned.Inode);
        string line = $"{(label ? owned.Kind.File() : ""),-8} {owned.Inode}  {(own ? "yours" : "     ")}  {Count(owned.Processes.Length, "process"),-13}";
        if (!own && owned.Processes.Length is > 0 and <= NamedMembers && !owned.Processes.SequenceEqual(inUser))
        {
            line += "  " + string.Join(", ", owned.Processes.Select(p => $"{p.Pid} {Printable.Of(Short(p.Command, 24))}"));
        }

        return (owned.Mount is { } mount ? $"{line}  kept by a mount at {Printable.Of(mount)}" : line).TrimEnd();
    }

    private string Process(NamespaceProcess process) =>
        $"{process.Pid} {(process.PidInside != 0 && process.PidInside != process.Pid ? $"({process.PidInside} inside) " : "")}{Printable.Of(Short(process.Command, 60))}"
        + (containers.TryGetValue(process.Pid, out string? name) ? $"  (container {Printable.Of(name)})" : "");

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 3)] + "...";

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}es";

    internal static string Named(uint uid) => HostUser.Find(uid) is { } user ? $"{user.Name} ({uid})" : $"{uid}";
}
