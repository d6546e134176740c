namespace Csrun.Linux.IdMaps;

/// <summary>A user ID as a file system stores it: counted in the user namespace that mounted the file system, and before the map of any mount.</summary>
/// <param name="Value">The number.</param>
public readonly record struct OnDiskUid(uint Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
