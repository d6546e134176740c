using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>How a path in the container resolves while the container is made and descriptors of the host are still open.</summary>
internal static class TargetResolve
{
    /// <summary>Never through magic links; through symbolic links only inside the container's root, and not at all where asked.</summary>
    /// <param name="noSymlinks">Whether symbolic links are refused.</param>
    /// <param name="root">The container's root while it is not the process's own yet: there absolute paths would begin at the host's.</param>
    public static ResolveFlags For(bool noSymlinks, FdSlot? root = null) =>
        ResolveFlags.RESOLVE_NO_MAGICLINKS | (noSymlinks ? ResolveFlags.RESOLVE_NO_SYMLINKS : 0) | (noSymlinks && root is null ? 0 : ResolveFlags.RESOLVE_IN_ROOT);
}
