using Csrun.Images.Unpacking;
using Csrun.Labs.Running;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Launch;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary>What labs take from csrun.</summary>
internal sealed class LabHost(Caller caller) : ILabHost
{
    /// <inheritdoc/>
    public string Binary => SealedExecutable.Path ?? "/proc/self/exe";

    /// <inheritdoc/>
    public string ImagePath => string.Join(':', ImageSearchPath.Directories());

    /// <inheritdoc/>
    public string? RemoveTree(string path)
    {
        (string above, string name) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        using SafeFd parent = Sys.Openat2(null, above, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", above);
        TreeRemoval removal = TreeRemover.Remove(parent, name);
        if (!removal.Complete && !caller.IsPrivileged)
        {
            // Its owners are the caller's own and subordinate IDs, and the default map has them all.
            Identity identity = Identity.Default(caller);
            LayerRemoval.InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, above, name);
            removal = TreeRemover.Remove(parent, name);
        }

        return removal.Complete ? null : $"{removal.FirstFailure}: {removal.Errno}";
    }
}
