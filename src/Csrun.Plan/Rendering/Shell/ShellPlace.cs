namespace Csrun.Plan.Rendering.Shell;

/// <summary>What takes the place of a descriptor in a script.</summary>
internal abstract record ShellPlace
{
    /// <summary>A path of the host.</summary>
    /// <param name="Path">The path.</param>
    internal sealed record OfHost(string Path) : ShellPlace;

    /// <summary>A file or mount at a path below the script's own directory.</summary>
    /// <param name="Path">The path.</param>
    internal sealed record Own(string Path) : ShellPlace;

    /// <summary>A path of the container, which the script looks up below the new root.</summary>
    /// <param name="Path">The path.</param>
    /// <param name="IsFile">Whether it is a file.</param>
    internal sealed record InContainer(string Path, bool IsFile) : ShellPlace;
}
