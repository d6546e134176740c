using System.Text;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

/// <summary>The contents of the files in /etc that belong to a container and not to its image.</summary>
public static class EtcFiles
{
    /// <summary>/etc/hostname.</summary>
    /// <param name="hostname">The container's host name.</param>
    public static string Hostname(string hostname) => hostname + "\n";

    /// <summary>/etc/hosts: the loopback names, and the container's own name on the loopback, so that it resolves without a network.</summary>
    /// <param name="hostname">The container's host name.</param>
    public static string Hosts(string hostname) =>
        $"""
        127.0.0.1	localhost
        ::1	localhost ip6-localhost ip6-loopback
        fe00::	ip6-localnet
        ff00::	ip6-mcastprefix
        ff02::1	ip6-allnodes
        ff02::2	ip6-allrouters
        127.0.0.1	{hostname}

        """;

    /// <summary>/etc/resolv.conf: the host's; without the name servers that answer only on the host's own loopback, when that is not the container's.</summary>
    /// <param name="host">The text of the host's file; empty when there is none.</param>
    /// <param name="network">The container's network.</param>
    /// <remarks>resolv.conf(5). Unlike Docker, no public name server is put in when none is left: a container without a network has no use for one.</remarks>
    public static string ResolvConf(string host, NetworkMode network)
    {
        if (network == NetworkMode.Host)
        {
            return host;
        }

        StringBuilder text = new(host.Length);
        foreach (ReadOnlySpan<char> line in host.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty && !IsLoopbackServer(line))
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static bool IsLoopbackServer(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> rest = line.TrimStart();
        if (!rest.StartsWith("nameserver", StringComparison.Ordinal) || rest.Length == 10 || !char.IsWhiteSpace(rest[10]))
        {
            return false;
        }

        rest = rest[10..].Trim();
        int end = rest.IndexOfAny(' ', '\t', '%');
        ReadOnlySpan<char> address = end < 0 ? rest : rest[..end];
        return address.StartsWith("127.", StringComparison.Ordinal) || address is "::1" or "0:0:0:0:0:0:0:1";
    }
}
