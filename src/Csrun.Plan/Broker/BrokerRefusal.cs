namespace Csrun.Plan.Broker;

/// <summary>What the broker answers, as a number that does not change; the client decides the remedy by it.</summary>
public enum BrokerCode : uint
{
    /// <summary>Granted.</summary>
    Granted = 0,

    /// <summary>The message is no request: its length, its beginning, or something in it.</summary>
    BadMessage = 1,

    /// <summary>The request is of another version of the protocol.</summary>
    OtherVersion = 2,

    /// <summary>Not the descriptors that belong to the request: too few, too many, or of another kind.</summary>
    BadDescriptors = 3,

    /// <summary>A map that the kernel would not take.</summary>
    BadMap = 4,

    /// <summary>An ID that is not the caller's own, or 0.</summary>
    NotYourId = 5,

    /// <summary>The user namespace is not the caller's, or the host's first one.</summary>
    NotYourNamespace = 6,

    /// <summary>The caller is nobody to whom anything is granted: root, or a user without subordinate IDs.</summary>
    NotForYou = 7,

    /// <summary>Mounts lie below the directory.</summary>
    MountsBelow = 8,

    /// <summary>The file system, or this mount of it, cannot be mapped.</summary>
    CannotBeMapped = 9,

    /// <summary>The caller has too many connections open, or the broker as a whole has.</summary>
    Busy = 10,

    /// <summary>The caller's IDs could not be looked up in time.</summary>
    LookupFailed = 11,

    /// <summary>Something went wrong in the broker itself.</summary>
    Failed = 12,

    /// <summary>The request did not come in time.</summary>
    TooSlow = 13,
}

/// <summary>Why the broker does not do what was asked.</summary>
/// <param name="Code">The kind of reason.</param>
/// <param name="Why">The reason, one clause.</param>
public sealed record BrokerRefusal(BrokerCode Code, string Why);
