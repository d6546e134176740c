namespace Csrun.Linux.IdMaps;

/// <summary>A group ID outside, in the namespace that csrun itself runs in.</summary>
/// <param name="Value">The number.</param>
public readonly record struct HostGid(uint Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
