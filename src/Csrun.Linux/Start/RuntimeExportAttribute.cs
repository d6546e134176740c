namespace System.Runtime;

/// <summary>Gives a method's machine code a name for the linker. NativeAOT's compiler knows the attribute by this name; the runtime
/// library has its own, which is internal.</summary>
/// <remarks>Unlike UnmanagedCallersOnly the method is called as it is: no thread is attached to the runtime, which need not be there.</remarks>
/// <param name="entry">The symbol.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RuntimeExportAttribute(string entry) : Attribute
{
    /// <summary>The symbol.</summary>
    public string Entry { get; } = entry;
}
