namespace Csrun.Plan.Requests;

/// <summary>What network the container has.</summary>
public enum NetworkMode
{
    /// <summary>A network of its own with nothing but a working loopback.</summary>
    None,

    /// <summary>The host's network as it is.</summary>
    Host,
}
