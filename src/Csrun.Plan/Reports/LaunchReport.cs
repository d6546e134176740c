using System.Collections.Immutable;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Tracing;

namespace Csrun.Plan.Reports;

/// <summary>What a report about one launch is made from.</summary>
public sealed record LaunchReport
{
    /// <summary>The command line that asked for it.</summary>
    public required IReadOnlyList<string> CommandLine { get; init; }

    /// <summary>csrun's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the launch was.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>The plan.</summary>
    public required LaunchPlan Plan { get; init; }

    /// <summary>What became of each step; empty where the plan was not run.</summary>
    public IReadOnlyList<StepOutcome> Outcomes { get; init; } = [];

    /// <summary>The mounts that csrun's caller sees, a line each.</summary>
    public ImmutableArray<string> MountsBefore { get; init; } = [];

    /// <summary>The mounts of the container at its end; empty where the plan was not run.</summary>
    public ImmutableArray<string> MountsAfter { get; init; } = [];

    /// <summary>Whether the plan was run.</summary>
    public bool WasRun => Outcomes.Count != 0;

    /// <summary>The container's maps; null without a user namespace of its own.</summary>
    public IdMapPair? Maps => Plan.Steps.Select(s => s is CsrunStep { Op: WriteIdMapsOp op } ? new IdMapPair(new IdMap(op.Uid), new IdMap(op.Gid)) : null).FirstOrDefault(m => m is not null);

    /// <summary>The ID-mapped mounts that csrun sends: what is mapped, and the map, from IDs on disk to IDs on the host.</summary>
    public IReadOnlyList<(string What, IdMapPair Map)> MappedMounts
    {
        get
        {
            List<(string, IdMapPair)> mounts = [];
            foreach (PassBarrierOp barrier in Plan.Steps.OfType<CsrunStep>().Select(s => s.Op).OfType<PassBarrierOp>())
            {
                // The child's half of the barrier says what each is for.
                AwaitBarrierOp? half = Plan.Steps.OfType<ChildStep>().Select(s => s.Op).OfType<AwaitBarrierOp>().FirstOrDefault(a => a.Name == barrier.Name);
                for (int i = 0; i < barrier.Descriptors.Length; i++)
                {
                    if (barrier.Descriptors[i] is IdMappedMount m && (m.Uid is not null || Maps is not null))
                    {
                        bool root = half is not null && i < half.Fds.Length && half.Fds[i].Name == PlanContext.IdMappedRootfsName;
                        mounts.Add((root ? "its root file system" : m.Source, new IdMapPair(new IdMap(m.Uid ?? Maps!.Uid.Mappings), new IdMap(m.Gid ?? Maps!.Gid.Mappings))));
                    }
                }
            }

            return mounts;
        }
    }
}
