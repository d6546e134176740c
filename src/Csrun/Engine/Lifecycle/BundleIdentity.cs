using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Identity;
using Csrun.Plan.Ops;
using Csrun.Plan.Specs;

namespace Csrun.Engine.Lifecycle;

/// <summary>The user namespace of a bundle's configuration, and who writes its maps.</summary>
/// <param name="Maps">The maps of a new user namespace; null where there is none, or one that exists already is entered.</param>
/// <param name="Writer">Who writes them.</param>
/// <param name="DenySetgroups">Whether setgroups(2) has to be denied first.</param>
internal sealed record BundleIdentity(IdMapPair? Maps, MapWriterKind Writer, bool DenySetgroups)
{
    /// <summary>Decides, and refuses maps that are not the caller's to write.</summary>
    internal static BundleIdentity Choose(Caller caller, Spec spec)
    {
        Namespace? user = spec.Linux?.Namespaces.FirstOrDefault(n => n.Type == "user");
        if (user is { Path: not null } || (user is null && caller.IsPrivileged))
        {
            return new BundleIdentity(null, MapWriterKind.Direct, DenySetgroups: false);
        }

        IdMapPair? maps = user is null ? null : SpecBuilder.ConfiguredMaps(spec);
        IdentityPlan plan = IdentityPlanner.Plan(user is null ? UsernsMode.Parse("host") : null, maps?.Uid, maps?.Gid, 0, 0, Identity.FactsOf(caller));
        return new BundleIdentity(plan.Maps, plan.Writer == MapWriter.NewIdMapTools ? MapWriterKind.Tool : MapWriterKind.Direct, plan.DenySetgroups);
    }
}
