using Csrun.Linux;

namespace Csrun.Engine;

/// <summary>A launch that its user has stopped (<c>--step</c>): nothing failed.</summary>
/// <param name="what">Where it was stopped.</param>
/// <param name="why">What that means.</param>
internal sealed class LaunchStoppedException(string what, string why) : CsrunException(what, why);
