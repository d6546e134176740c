namespace Csrun.Linux.IdMaps;

/// <summary>Where on its way an ID is counted.</summary>
public enum IdPlace
{
    /// <summary>As the file system stores it.</summary>
    Disk,

    /// <summary>As the mount shows it.</summary>
    Mount,

    /// <summary>As the kernel compares it: an ID of csrun's own user namespace.</summary>
    Host,

    /// <summary>As a process in the container's user namespace sees it.</summary>
    Container,
}
