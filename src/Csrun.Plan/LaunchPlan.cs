using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Planning;
using Csrun.Plan.Tracing;

namespace Csrun.Plan;

/// <summary>Everything that happens between csrun's command line and the container's command, in order; immutable.</summary>
/// <remarks>What is explained is what runs: renderers print these steps, <see cref="Lower"/> turns the same steps into the
/// child's program. docs/adr/0001-launch-plan.md.</remarks>
public sealed record LaunchPlan
{
    /// <summary>The namespaces that clone3 makes.</summary>
    public required CloneFlags Namespaces { get; init; }

    /// <summary>The steps of both actors, in the order in which they happen.</summary>
    public required ImmutableArray<Step> Steps { get; init; }

    /// <summary>The slot of the child's end of the control socket as the child inherits it; filled before clone3.</summary>
    public required FdSlot InheritedControl { get; init; }

    /// <summary>The slot of the container's root, or null for a plan that does not change the root.</summary>
    public FdSlot? Root { get; init; }

    /// <summary>The directory on the host that was made for this container alone, for its writable layer; null where there is none.</summary>
    public string? OwnDirectory { get; init; }

    /// <summary>Whether the caller's descriptors are the command's, too: the control socket then keeps its number, instead of taking 3.</summary>
    public bool KeepsDescriptors { get; init; }

    /// <summary>Whether the command waits for <c>csrun start</c>: csrun ends before it.</summary>
    public bool WaitsForStart { get; init; }

    /// <summary>The mounts that asked for ID maps of their own, and in which way each gets it.</summary>
    public ImmutableArray<MappedVolume> MappedVolumes { get; init; } = [];

    /// <summary>What the host is like; decides the causes of failures. Null in a prelude: the whole plan explains its failures.</summary>
    public HostFacts? Facts { get; init; }

    /// <summary>Turns the child's steps into its program.</summary>
    /// <param name="program">The program, which holds what was lowered before.</param>
    /// <param name="first">How many steps were lowered before (the prelude).</param>
    /// <param name="trace">What follows each step, or null.</param>
    public void Lower(RawProgram program, int first = 0, TraceProgram? trace = null)
    {
        foreach (Step step in Steps.AsSpan()[first..])
        {
            if (step is ChildStep child)
            {
                program.BeginStep(step.Number);
                if (trace is null)
                {
                    child.Op.Lower(program);
                }
                else
                {
                    trace.Lower(program, child);
                }
            }
        }

        if (Root is { } root)
        {
            program.SetRootSlot(root);
        }
    }

    /// <summary>The step with this number.</summary>
    public Step this[int number] => Steps[number - 1];
}
