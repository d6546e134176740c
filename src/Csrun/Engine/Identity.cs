using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Identity;
using Csrun.Plan.Ops;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>The user namespace and ID maps of a run, and the facts that they were chosen from.</summary>
internal sealed record Identity(IdentityPlan Plan, IdentityFacts Facts)
{
    /// <summary>Who writes the maps, in the launch plan's terms.</summary>
    internal MapWriterKind Writer => Plan.Writer == MapWriter.NewIdMapTools ? MapWriterKind.Tool : MapWriterKind.Direct;

    /// <summary>Whether the map has one ID only, so that owners in an image cannot be kept.</summary>
    internal bool IsSingle => Plan.NewUserNamespace && Plan.Uid.Count == 1 && Plan.Gid.Count == 1;

    /// <summary>Whether the container's root, as the host sees it, is the caller.</summary>
    internal bool RootIsCaller => !Plan.NewUserNamespace || Plan.Uid.ToHost(0) == Facts.CallerUid;

    /// <summary>Whether a directory of --rootfs has to be bound ID-mapped to have its owners right: root can, and it is not the
    /// container's own already (a tree that was shifted on disk, or an ID-mapped mount).</summary>
    internal bool NeedsMapping(Caller caller, string directory) =>
        Plan.NewUserNamespace && caller.MayIdMapMounts
        && Sys.Openat2(null, directory, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY) is { Ok: true } opened
        && !OwnerIsMapped(opened);

    private bool OwnerIsMapped(SysResult opened)
    {
        using SafeFd fd = new(opened.Int);
        return Sys.Statx(fd, "", out FileStat stat).Ok && Plan.Uid.ContainsHost(stat.uid);
    }

    /// <summary>Chooses what the command line, else the configuration, else the default asks for; says what the user should know.</summary>
    internal static Identity Choose(Caller caller, RunRequest request, Spec? config)
    {
        IdentityFacts facts = Read(caller);
        bool asked = request.Userns is not null || request.UidMaps.Count != 0 || request.GidMaps.Count != 0;
        IdMap? uid = request.UidMaps.Count != 0 ? IdMap.Parse(request.UidMaps, "--uidmap") : null;
        IdMap? gid = request.GidMaps.Count != 0 ? IdMap.Parse(request.GidMaps, "--gidmap") : null;
        UsernsMode? mode = request.Userns is { } text ? UsernsMode.Parse(text) : null;
        if (!asked && config?.Linux is not null)
        {
            if (SpecBuilder.ConfiguredMaps(config) is { } maps)
            {
                (uid, gid) = (maps.Uid, maps.Gid);
            }
            else if (!config.Linux.Namespaces.Any(n => n.Type == "user"))
            {
                mode = UsernsMode.Parse("host");
            }
        }

        IdentityPlan plan = IdentityPlanner.Plan(mode, uid, gid, 0, 0, facts);
        Notes.Write(plan.Notes);
        return new Identity(plan, facts);
    }

    /// <summary>The default of this caller: for unpacking an image outside a container.</summary>
    internal static Identity Default(Caller caller)
    {
        IdentityFacts facts = Read(caller);
        return new Identity(IdentityPlanner.Plan(null, null, null, 0, 0, facts), facts);
    }

    /// <summary>No user namespace at all, for root.</summary>
    internal static Identity Host(Caller caller)
    {
        IdentityFacts facts = Read(caller);
        return new Identity(IdentityPlanner.Plan(UsernsMode.Parse("host"), null, null, 0, 0, facts), facts);
    }

    /// <summary>What the choice of maps depends on.</summary>
    internal static IdentityFacts FactsOf(Caller caller) => Read(caller);

    private static IdentityFacts Read(Caller caller) =>
        IdentityFacts.Read(caller.Uid, caller.Gid, caller.IsPrivileged, caller.InitialUserNamespace, Environment.GetEnvironmentVariable("PATH"));
}
