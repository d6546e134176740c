using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;
using Csrun.Runtime.Host;

namespace Csrun.Engine;

/// <summary>/etc/hosts, /etc/hostname and /etc/resolv.conf of a container: csrun's own, bound over the image's.</summary>
internal static class ContainerEtc
{
    /// <summary>The files, but for those that the specification mounts itself.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="network">The container's network.</param>
    /// <param name="plainDirectory">The directory of --rootfs, in which no missing file is made; null for an image.</param>
    internal static IReadOnlyList<EtcFile> Files(Spec spec, NetworkMode network, string? plainDirectory)
    {
        List<EtcFile> files = new(3);
        string hostname = spec.Hostname ?? "";
        foreach (string name in (ReadOnlySpan<string>)["hosts", "hostname", "resolv.conf"])
        {
            string destination = $"/etc/{name}";
            if (spec.Mounts.Any(m => m.Destination == destination || m.Destination == "/etc")
                || (plainDirectory is not null && !Sys.Statx(null, plainDirectory + destination, out _).Ok))
            {
                continue;
            }

            files.Add(new EtcFile(destination, name switch
            {
                "hosts" => EtcFiles.Hosts(hostname),
                "hostname" => EtcFiles.Hostname(hostname),
                _ => EtcFiles.ResolvConf(SmallFile.Read("/etc/resolv.conf") ?? "", network),
            }));
        }

        return files;
    }
}
