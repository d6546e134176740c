namespace Csrun.Commands;

/// <summary>The verbs that show what goes on. Failures are <see cref="Csrun.Linux.CsrunException"/>.</summary>
internal interface ILearningVerbs
{
    /// <summary>Shows the tree of user namespaces, or the namespaces of one process.</summary>
    /// <param name="subject">A PID, a container's name or ID, or <c>tree</c>; null for the tree.</param>
    /// <param name="json">As JSON.</param>
    /// <param name="options">What holds for every verb.</param>
    int Namespaces(string? subject, bool json, GlobalOptions options);
}
