using System.Collections.Immutable;
using Csrun.Linux.Child;

namespace Csrun.Plan;

/// <summary>Collects steps and hands out slots while a plan is made.</summary>
public sealed class PlanBuilder
{
    private readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>(96);
    private readonly Dictionary<string, int> _names = new(96, StringComparer.Ordinal);
    private int _slots;

    /// <summary>A new slot.</summary>
    /// <param name="name">What it will hold, for people; a number is added where the name is taken.</param>
    public FdSlot NewSlot(string name)
    {
        int count = _names.GetValueOrDefault(name) + 1;
        _names[name] = count;
        return new(_slots++, count == 1 ? name : $"{name} #{count}");
    }

    /// <summary>Adds a step of the child.</summary>
    /// <param name="op">What is done.</param>
    /// <param name="why">The reason.</param>
    /// <param name="without">What would go wrong if the step were left out.</param>
    public void Child(KernelOp op, string why, string without) => _steps.Add(new ChildStep(_steps.Count + 1, op, why, without));

    /// <summary>Adds a step of csrun.</summary>
    /// <param name="op">What is done.</param>
    /// <param name="why">The reason.</param>
    /// <param name="without">What would go wrong if the step were left out.</param>
    public void Csrun(CsrunOp op, string why, string without) => _steps.Add(new CsrunStep(_steps.Count + 1, op, why, without));

    /// <summary>The steps so far.</summary>
    public ImmutableArray<Step> Steps => _steps.ToImmutable();
}
