namespace Csrun.Linux.IdMaps;

/// <summary>A group ID inside the container's user namespace.</summary>
/// <param name="Value">The number.</param>
public readonly record struct ContainerGid(uint Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
