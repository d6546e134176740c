using Csrun.Commands;
using Csrun.Engine.Ids;
using Csrun.Plan.Requests;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int IdMapMount(IdMapMountRequest request, GlobalOptions options) => MountMapped.Run(request);

    public int IdMapUnmount(string target, bool recursive, bool lazy, GlobalOptions options) => UnmountMapped.Run(target, recursive, lazy);
}
