namespace Csrun.Commands;

/// <summary>What holds for every verb.</summary>
internal sealed record GlobalOptions
{
    /// <summary>The directory that holds store and state in place of the usual ones (<c>--root</c>, <c>CSRUN_ROOT</c>), or null.</summary>
    public string? Root { get; init; }

    /// <summary>A file that messages are written to as well.</summary>
    public string? LogFile { get; init; }

    /// <summary>Whether messages are JSON, as runc writes them.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Whether systemd makes control groups (<c>--systemd-cgroup</c>).</summary>
    public bool SystemdCgroup { get; init; }

    /// <summary>Whether csrun says what it decides on the way.</summary>
    public bool Debug { get; init; }
}
