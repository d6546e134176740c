namespace Csrun.Plan.Identity;

/// <summary>The ways to choose a container's user namespace and ID maps (<c>--userns</c>).</summary>
public enum UsernsKind
{
    /// <summary>Container 0 is the caller and 1.. its subordinate IDs; for root, container 0.. are root's subordinate IDs.</summary>
    Private,

    /// <summary>csrun's own user namespace, as rootful Docker.</summary>
    Host,

    /// <summary>The caller keeps its own ID, or gets the one that is asked for; all other IDs are subordinate.</summary>
    KeepId,

    /// <summary>The image's USER is the caller.</summary>
    Auto,

    /// <summary>A map that is spelled out.</summary>
    Map,

    /// <summary>Container 0.. are subordinate IDs; the caller has no ID inside.</summary>
    NoMap,

    /// <summary>The user namespace of another container.</summary>
    Container,

    /// <summary>A user namespace that a path names.</summary>
    Path,
}
