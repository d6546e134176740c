
namespace Csrun.Plan;

/// <summary>Who performs a step.</summary>
public enum Actor
{
    /// <summary>csrun itself, in the caller's namespaces.</summary>
    Csrun,

    /// <summary>The process that clone3 made, in the new namespaces.</summary>
    Child,
}

/// <summary>One step of a launch plan: who does what, and why.</summary>
/// <param name="Number">Its number, from 1, as messages print it.</param>
/// <param name="Actor">Who performs it.</param>
/// <param name="Why">The reason, one clause, for people.</param>
/// <param name="Without">What would go wrong if it were left out, one clause, for people.</param>
public abstract record Step(int Number, Actor Actor, string Why, string Without);

/// <summary>A step of the child, lowered to raw operations.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Op">What is done.</param>
/// <param name="Why">The reason.</param>
/// <param name="Without">What would go wrong without it.</param>
public sealed record ChildStep(int Number, KernelOp Op, string Why, string Without) : Step(Number, Actor.Child, Why, Without);

/// <summary>A step of csrun, performed by ordinary managed code.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Op">What is done.</param>
/// <param name="Why">The reason.</param>
/// <param name="Without">What would go wrong without it.</param>
public sealed record CsrunStep(int Number, CsrunOp Op, string Why, string Without) : Step(Number, Actor.Csrun, Why, Without);

/// <summary>One thing that csrun itself does in a launch.</summary>
public abstract record CsrunOp
{
    /// <summary>The manual page to read about it.</summary>
    public abstract string ManPage { get; }

    /// <summary>The command or call, as a person would write it.</summary>
    public abstract string Describe();
}
