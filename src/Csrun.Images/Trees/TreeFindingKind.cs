namespace Csrun.Images.Trees;

/// <summary>The kinds of <see cref="TreeFinding"/>.</summary>
public enum TreeFindingKind
{
    /// <summary>It belongs to a user who is neither the caller nor one of its subordinate IDs.</summary>
    ForeignUser,

    /// <summary>Its group is neither the caller's nor a subordinate one, and its owner is not the caller.</summary>
    ForeignGroup,

    /// <summary>Something is mounted there.</summary>
    MountPoint,

    /// <summary>A system call failed on it.</summary>
    Failed,
}
