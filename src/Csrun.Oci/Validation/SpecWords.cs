namespace Csrun.Oci;

/// <summary>The words that <see cref="SpecValidator"/> takes, by property: for <c>csrun features</c>.</summary>
public static class SpecWords
{
    /// <summary>The kinds of <c>hooks</c>, in the order of a container's life.</summary>
    public static IReadOnlyList<string> Hooks => KnownWords.Hooks;

    /// <summary>Mount options of every file system; those of one file system are not among them.</summary>
    public static IReadOnlyList<string> MountOptions => MountOptionWords.Flags;

    /// <summary>Types of <c>linux.namespaces</c>.</summary>
    public static IReadOnlyList<string> Namespaces => KnownWords.Namespaces;

    /// <summary>Capabilities, by number.</summary>
    public static IReadOnlyList<string> Capabilities => KnownWords.Capabilities;

    /// <summary>Actions of a system call filter.</summary>
    public static IReadOnlyList<string> SeccompActions => KnownWords.SeccompActions;

    /// <summary>Operators of a system call filter.</summary>
    public static IReadOnlyList<string> SeccompOperators => KnownWords.SeccompOperators;

    /// <summary>Architectures of a system call filter.</summary>
    public static IReadOnlyList<string> SeccompArchitectures => KnownWords.SeccompArchitectures;

    /// <summary>Flags of a system call filter.</summary>
    public static IReadOnlyList<string> SeccompFlags => KnownWords.SeccompFlags;
}
