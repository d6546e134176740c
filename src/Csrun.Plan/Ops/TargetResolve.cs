using Csrun.Linux.Abi;

namespace Csrun.Plan.Ops;

/// <summary>How a path in the container resolves while the container is made and descriptors of the host are still open.</summary>
internal static class TargetResolve
{
    /// <summary>Never through magic links; through symbolic links only inside the container's root, and not at all where asked.</summary>
    public static ResolveFlags For(bool noSymlinks) =>
        ResolveFlags.RESOLVE_NO_MAGICLINKS | (noSymlinks ? ResolveFlags.RESOLVE_NO_SYMLINKS : ResolveFlags.RESOLVE_IN_ROOT);
}
