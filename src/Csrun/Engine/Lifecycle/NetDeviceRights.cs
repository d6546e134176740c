using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Net;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>Whether this caller may move the network interfaces of a configuration; found out before anything is made.</summary>
internal static class NetDeviceRights
{
    /// <summary>Refuses.</summary>
    /// <exception cref="CsrunException">Lists what is not there, or not the caller's to move.</exception>
    internal static void Check(Spec spec)
    {
        if (spec.Linux?.NetDevices is not { Count: > 0 } devices)
        {
            return;
        }

        if (!Sys.CapgetEffective().Contains(Capability.CAP_NET_ADMIN))
        {
            throw new CsrunException(
                string.Join('\n', devices.Keys.Select(name => $"$.linux.netDevices[\"{name}\"]: the interface cannot be moved")),
                "an interface is moved by root of the network namespace that it is in (CAP_NET_ADMIN)",
                "run csrun as root, or remove netDevices from the configuration");
        }

        using RouteSocket route = RouteSocket.Open();
        string[] missing = [.. devices.Keys.Where(name => !route.Find(name, out _).Ok)];
        if (missing.Length != 0)
        {
            throw new CsrunException(string.Join('\n', missing.Select(name => $"$.linux.netDevices[\"{name}\"]: there is no such interface")), "csrun moves interfaces of the network namespace that it runs in", "ip link");
        }
    }
}
