using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.State;

/// <summary>Directories of containers whose csrun was killed before it could remove them.</summary>
public static class LeftOver
{
    /// <summary>Takes hold of a directory that no living csrun holds.</summary>
    /// <param name="parent">The directory of all containers.</param>
    /// <param name="name">A name in it.</param>
    /// <returns>The directory, locked so that nobody else removes it at the same time; null when it is in use, kept, or no container's.</returns>
    public static SafeFd? TryTake(SafeFd parent, string name)
    {
        SysResult opened = Sys.Openat2(parent, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_BENEATH);
        if (!opened.Ok)
        {
            return null;
        }

        SafeFd directory = new(opened.Int);
        if (!ContainerDirectory.IsKept(directory) && Sys.Flock(directory, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok && !ContainerDirectory.IsKept(directory))
        {
            return directory;
        }

        directory.Dispose();
        return null;
    }
}
