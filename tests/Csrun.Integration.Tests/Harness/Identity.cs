namespace Csrun.Integration.Tests.Harness;

/// <summary>Who runs csrun in a test.</summary>
public enum Identity
{
    /// <summary>An ordinary user with subordinate IDs: csrun-test when the tests run as root, else the caller.</summary>
    User,

    /// <summary>An ordinary user without subordinate IDs: csrun-nosub.</summary>
    NoSubIds,

    /// <summary>root.</summary>
    Root,
}
