namespace Csrun.Plan.Requests;

/// <summary>Reads <c>--network</c>.</summary>
public static class NetworkOption
{
    /// <summary>The network named by <paramref name="text"/>.</summary>
    /// <param name="text"><c>none</c> or <c>host</c>.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="Csrun.Linux.CsrunException">There is no such network, or it comes with a later version.</exception>
    public static NetworkMode Parse(string text, string option = "--network")
    {
        (string name, _) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, "");
        return text switch
        {
            "none" => NetworkMode.None,
            "host" => NetworkMode.Host,
            _ when name is "pasta" or "slirp4netns" or "container" or "bridge" or "ns" or "private" or "default" =>
                throw OptionValue.Later(option, text, $"the network {name} comes with a later version of csrun; so far there are none (loopback alone) and host (the host's own network)", $"{option} host"),
            _ => throw OptionValue.Wrong(option, text, $"\"{text}\" is no network{Closest.Clause(text, ["none", "host"])}", $"{option} none or {option} host"),
        };
    }
}
