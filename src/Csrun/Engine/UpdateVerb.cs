using Csrun.Oci;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun update</c>.</summary>
internal static class UpdateVerb
{
    /// <summary>Changes a container's limits.</summary>
    internal static int Update(Caller caller, string word, Resources resources)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        using ControlGroup group = ContainerCgroup.Of(list.Find(word), "cannot be limited");
        group.Update(resources, CgroupProbe.Layout());
        Notes.Write(group.Notes);
        return 0;
    }
}
