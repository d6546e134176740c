using System.Collections.Immutable;
using Csrun.Plan.Ops;

namespace Csrun.Engine.Lifecycle;

/// <summary>The caller's descriptors that <c>--preserve-fds</c> hands to a command.</summary>
internal static class PreservedDescriptors
{
    /// <summary>The descriptors from 3 on.</summary>
    internal static ImmutableArray<OpenDescriptor> From3(int count) => [.. Enumerable.Range(3, count).Select(fd => new OpenDescriptor($"descriptor {fd}", fd))];
}
