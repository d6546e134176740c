namespace Csrun.Linux.Child;

/// <summary>A place for a descriptor (or another result) that a later operation uses; the plan stays immutable.</summary>
/// <param name="Index">Its index in the program's slots.</param>
/// <param name="Name">What it holds, for people: <c>rootfs</c>, <c>proc</c>.</param>
public readonly record struct FdSlot(int Index, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"<{Name}>";
}
