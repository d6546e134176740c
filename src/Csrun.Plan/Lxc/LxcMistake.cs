namespace Csrun.Plan.Lxc;

/// <summary>A mistake in an LXC configuration.</summary>
/// <param name="Order">The how manieth line of all files together it is in.</param>
/// <param name="Text">File, line and what is wrong.</param>
public readonly record struct LxcMistake(int Order, string Text);
