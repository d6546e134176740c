namespace Csrun.Linux.Child;

/// <summary>An argument of a raw operation: a number, an address in the program's memory, or the value of a slot.</summary>
/// <param name="Value">The number or the slot's index.</param>
/// <param name="IsSlot">Whether <paramref name="Value"/> is a slot's index.</param>
public readonly record struct Arg(long Value, bool IsSlot = false)
{
    /// <summary>AT_FDCWD: relative to the current directory.</summary>
    public static Arg Cwd => new(-100);

    /// <summary>A number.</summary>
    public static implicit operator Arg(long value) => new(value);

    /// <summary>The value that a slot has when the operation runs.</summary>
    public static implicit operator Arg(FdSlot slot) => new(slot.Index, IsSlot: true);

    /// <summary>A number.</summary>
    public static Arg FromInt64(long value) => new(value);

    /// <summary>The value that a slot has when the operation runs.</summary>
    public static Arg FromFdSlot(FdSlot slot) => slot;
}
