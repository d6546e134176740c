using Csrun.Commands;
using Csrun.Engine.Namespaces;

namespace Csrun.Engine;

internal sealed partial class ContainerEngine
{
    public int Namespaces(string? subject, bool json, GlobalOptions options) => NamespaceVerb.Run(new Caller(options), subject, json);
}
