using Csrun.Linux.Accounts;
using Csrun.Linux.IdMaps;

namespace Csrun.Plan.Identity;

/// <summary>The user namespace of a container: which one, with which maps, written by whom.</summary>
public sealed record IdentityPlan
{
    /// <summary>What was asked for, or what holds in its place (see <see cref="Notes"/>).</summary>
    public required UsernsMode Mode { get; init; }

    /// <summary>Whether the container gets a user namespace of its own; otherwise it runs in csrun's, or in the one that <see cref="Mode"/> names.</summary>
    public required bool NewUserNamespace { get; init; }

    /// <summary>Container user IDs to IDs of csrun's own namespace.</summary>
    public required IdMap Uid { get; init; }

    /// <summary>Container group IDs to IDs of csrun's own namespace.</summary>
    public required IdMap Gid { get; init; }

    /// <summary>Who writes the maps.</summary>
    public required MapWriter Writer { get; init; }

    /// <summary>Whether setgroups(2) is (to be) denied inside: <c>deny</c> goes to /proc/PID/setgroups before the gid_map, and no process there can set groups.</summary>
    public required bool DenySetgroups { get; init; }

    /// <summary>What to run as where neither the command line says so: the caller's ID under <c>keep-id</c>; null for the image's USER.</summary>
    public UserSpec? DefaultUser { get; init; }

    /// <summary>What to say on stderr, each a message of one or more lines in the form of an error's.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Both maps.</summary>
    public IdMapPair Maps => new(Uid, Gid);
}
