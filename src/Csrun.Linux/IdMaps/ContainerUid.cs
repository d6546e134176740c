namespace Csrun.Linux.IdMaps;

/// <summary>A user ID inside the container's user namespace.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ContainerUid(uint Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
