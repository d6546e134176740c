using System.Globalization;
using System.Text;
using Csrun.Runtime.Namespaces;
using Csrun.Terminal;

namespace Csrun.Engine.Namespaces;

/// <summary>The namespaces of one process as a table.</summary>
internal static class ProcessNamespaceText
{
    /// <summary>A row for each kind: number, whether the caller is in it, which user namespace owns it.</summary>
    /// <param name="process">The process.</param>
    /// <param name="survey">All that was seen.</param>
    /// <param name="container">The container's name, where the process is one's first.</param>
    internal static string Table(NamespaceProcess process, NamespaceSurvey survey, string? container)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"process {process.Pid}");
        text.Append(process.PidInside != 0 && process.PidInside != process.Pid ? $", {process.PidInside} inside" : "");
        text.Append($": {Printable.Of(process.Command)}{(container is null ? "" : $" (container {Printable.Of(container)})")}\n\n");
        text.Append($"{"KIND",-7} {"NAMESPACE",-11} {"",-15} OWNED BY\n");
        foreach ((NamespaceKind kind, ulong inode) in process.Namespaces)
        {
            string shared = survey.IsOwn(kind, inode) ? "shared with you" : "not yours";
            text.Append(CultureInfo.InvariantCulture, $"{kind.File(),-7} {inode,-11} {shared,-15} {Owner(kind, inode, process, survey)}\n");
        }

        if (process.PidForChildren is { } later)
        {
            text.Append(CultureInfo.InvariantCulture, $"children that it makes from now on come into pid:[{later}] (pid_namespaces(7))\n");
        }

        return text.ToString();
    }

    /// <summary>The user namespace that owns a namespace; null where it is not known.</summary>
    internal static ulong? OwnerOf(NamespaceKind kind, ulong inode, NamespaceSurvey survey) => kind == NamespaceKind.User
        ? survey.Users.FirstOrDefault(u => u.Inode == inode)?.Parent
        : survey.Users.FirstOrDefault(u => u.Owns.Any(o => o.Kind == kind && o.Inode == inode))?.Inode;

    private static string Owner(NamespaceKind kind, ulong inode, NamespaceProcess process, NamespaceSurvey survey)
    {
        UserNamespaceInfo? itself = kind == NamespaceKind.User ? survey.Users.FirstOrDefault(u => u.Inode == inode) : null;
        string by = itself?.OwnerUid is { } uid ? $", made by {NamespaceTreeText.Named(uid)}" : "";
        if (itself is { IsInitial: true })
        {
            return "nobody: it is the host's first one";
        }

        return OwnerOf(kind, inode, survey) switch
        {
            null => "a user namespace that the kernel does not tell you" + by,
            { } owner when owner == process.Namespaces.GetValueOrDefault(NamespaceKind.User) => "its own user namespace",
            { } owner => $"user:[{owner}]{(survey.IsOwn(NamespaceKind.User, owner) ? ", yours" : "")}{by}",
        };
    }
}
