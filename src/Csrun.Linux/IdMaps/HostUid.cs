namespace Csrun.Linux.IdMaps;

/// <summary>A user ID outside, in the namespace that csrun itself runs in.</summary>
/// <param name="Value">The number.</param>
public readonly record struct HostUid(uint Value)
{
    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString();
}
