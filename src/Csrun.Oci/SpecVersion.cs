namespace Csrun.Oci;

/// <summary>Versions of the OCI runtime specification.</summary>
public static class SpecVersion
{
    /// <summary>The one that csrun follows and writes: into configurations, states and its list of features.</summary>
    public const string Current = "1.2.0";

    /// <summary>The first that csrun reads.</summary>
    public const string First = "1.0.0";
}
