using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan;
using Csrun.Plan.Doctor;
using Csrun.Plan.Identity;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Doctor;

/// <summary>The probes of namespaces, one child process for each gate, with the operations that a container's launch makes.</summary>
internal static class NamespaceProbes
{
    private const int FirstFd = 200;

    private static readonly CloneFlags[] s_others = [CloneFlags.CLONE_NEWNS, CloneFlags.CLONE_NEWNET, CloneFlags.CLONE_NEWIPC, CloneFlags.CLONE_NEWUTS, CloneFlags.CLONE_NEWCGROUP];

    /// <summary>Adds the outcomes; what depends on a probe that failed is not tried.</summary>
    public static DoctorFacts Try(DoctorFacts facts)
    {
        facts = facts with { UserNamespace = ThrowawayNamespace.Try(CloneFlags.CLONE_NEWUSER, null, _ => []) };
        if (!facts.UserNamespace.Ok || facts.Plan is not { NewUserNamespace: true } plan)
        {
            return facts;
        }

        WriteIdMapsOp maps = new(plan.Uid.Mappings, plan.Gid.Mappings, plan.Writer == MapWriter.NewIdMapTools ? MapWriterKind.Tool : MapWriterKind.Direct, plan.DenySetgroups);
        KernelOp root = new SetIdsOp(First(plan.Uid), First(plan.Gid), default);
        ProbeOutcome Probe(CloneFlags more, Func<PlanBuilder, IEnumerable<KernelOp>> operations) =>
            ThrowawayNamespace.Try(CloneFlags.CLONE_NEWUSER | more, maps, slots => [root, .. operations(slots)]);

        facts = facts with { IdMap = Probe(0, _ => []) };
        if (!facts.IdMap.Ok)
        {
            return facts;
        }

        facts = facts with
        {
            Setgroups = plan.DenySetgroups ? null : Probe(0, _ => [new SetIdsOp(First(plan.Uid), First(plan.Gid), [])]),
            Namespaces = Probe(0, _ => s_others.Select(flag => new UnshareOp(flag))),
            Mount = Probe(0, slots => [.. OwnMounts(), Filesystem(slots, "tmpfs", [])]),
        };
        return !facts.Mount.Ok ? facts : facts with
        {
            Proc = Probe(CloneFlags.CLONE_NEWPID, slots => [.. OwnMounts(), Filesystem(slots, "proc", [])]),
            Overlay = facts.Store.Existing.Length == 0 ? null : Overlay(facts.Store.Existing, plan, maps, root),
        };
    }

    private static KernelOp[] OwnMounts() => [new UnshareOp(CloneFlags.CLONE_NEWNS), new PropagationOp(MountFlags.MS_PRIVATE)];

    private static NewFilesystemOp Filesystem(PlanBuilder slots, string type, ImmutableArray<FilesystemOption> options) =>
        new(type, options, 0, slots.NewSlot($"{type} context"), slots.NewSlot(type));

    // In a directory of its own in the store's place, which is removed again: only there the file system answers for itself.
    private static ProbeOutcome Overlay(string place, IdentityPlan plan, WriteIdMapsOp maps, KernelOp root)
    {
        string name = $".csrun-doctor-{Guid.NewGuid():N}", path = $"{place}/{name}";
        SysResult made = Sys.Mkdirat(null, path, 0x1c0);
        if (!made.Ok)
        {
            return new ProbeOutcome($"mkdirat \"{path}\"", made.Errno);
        }

        string[] layers = ["lower", "upper", "work"];
        try
        {
            uint owner = plan.Uid.ToHost(First(plan.Uid)) ?? 0, group = plan.Gid.ToHost(First(plan.Gid)) ?? 0;
            foreach (string layer in layers)
            {
                string layerPath = $"{path}/{layer}";
                Sys.Mkdirat(null, layerPath, 0x1ed).OrThrow("mkdirat", layerPath);
                if (owner != Sys.Geteuid() || group != Sys.Getegid())
                {
                    // Root may, for its subordinate IDs; an ordinary user's container root is the user.
                    Sys.Fchownat(null, Encoding.UTF8.GetBytes(layerPath + '\0'), owner, group).OrThrow("fchownat", layerPath);
                }
            }

            // Opened by the child, as the caller: an overlay takes layers of its own mount namespace only.
            return ThrowawayNamespace.Try(CloneFlags.CLONE_NEWUSER, maps, slots =>
            [
                .. OwnMounts(),
                .. layers.SelectMany((layer, i) => Open(slots, $"{path}/{layer}", FirstFd + i)),
                root,
                Filesystem(slots, "overlay", [.. layers.Select((layer, i) => new FilesystemOption($"{layer}dir", $"/proc/self/fd/{FirstFd + i}")), new FilesystemOption("userxattr")]),
            ]);
        }
        catch (KernelException e)
        {
            return new ProbeOutcome($"{e.Call} \"{e.Path}\"", e.Errno);
        }
        finally
        {
            // Overlay has made work/work.
            foreach (string entry in (ReadOnlySpan<string>)["/work/work", "/work", "/upper", "/lower", ""])
            {
                Sys.Unlinkat(null, path + entry, directory: true);
            }
        }
    }

    private static KernelOp[] Open(PlanBuilder slots, string path, int number)
    {
        FdSlot slot = slots.NewSlot("layer");
        return [new OpenOp(null, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, 0, slot), new Dup3Op(slot, number, CloseOnExec: true)];
    }

    private static uint First(IdMap map) => map.ContainsContainer(0) ? 0 : map.Mappings.Min(m => m.ContainerId);
}
