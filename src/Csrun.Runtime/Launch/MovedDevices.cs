using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Net;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Launch;

/// <summary>Network interfaces that were moved into a container, and come back when it is not made after all.</summary>
/// <remarks>As runc does it: down, over under its new name, its permanent global addresses again, up. The kernel takes all other addresses and routes away.</remarks>
internal sealed class MovedDevices : IDisposable
{
    private readonly SafeFd _own = Open("/proc/self/ns/net");
    private readonly SafeFd _container;
    private readonly RouteSocket _outside = RouteSocket.Open();
    private readonly RouteSocket _inside;
    private readonly List<(string Name, string Inside, bool WasUp, IReadOnlyList<InterfaceAddress> Addresses)> _moved = [];

    private MovedDevices(int pid)
    {
        _container = Open($"/proc/{pid}/ns/net");
        Sys.Setns(_container, CloneFlags.CLONE_NEWNET).OrThrow("setns", $"/proc/{pid}/ns/net");
        try
        {
            _inside = RouteSocket.Open();
        }
        finally
        {
            Sys.Setns(_own, CloneFlags.CLONE_NEWNET).OrThrow("setns", "/proc/self/ns/net");
        }
    }

    /// <summary>Moves them; all or none.</summary>
    /// <exception cref="KernelException">One cannot be moved.</exception>
    public static MovedDevices Move(MoveNetDevicesOp op, int pid)
    {
        MovedDevices devices = new(pid);
        try
        {
            foreach ((string name, string inside) in op.Devices)
            {
                devices.Move(name, inside);
            }

            return devices;
        }
        catch
        {
            devices.Return();
            devices.Dispose();
            throw;
        }
    }

    /// <summary>Moves them back, as far as that goes.</summary>
    public void Return()
    {
        foreach ((string name, string inside, bool wasUp, IReadOnlyList<InterfaceAddress> addresses) in _moved)
        {
            // Not an interface of the container's own that has this name.
            if (_outside.Find(name, out _).Ok)
            {
                continue;
            }

            if (_inside.Find(inside, out NetworkInterface device).Ok && _inside.Set(device.Index, up: false).Ok && _inside.Move(device.Index, _own, name).Ok && _outside.Find(name, out device).Ok)
            {
                _ = Give(_outside, device.Index, wasUp, addresses);
            }
        }

        _moved.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _own.Dispose();
        _container.Dispose();
        _outside.Dispose();
        _inside.Dispose();
    }

    private void Move(string name, string inside)
    {
        string path = $"$.linux.netDevices[\"{name}\"]";
        _outside.Find(name, out NetworkInterface device).OrThrow("RTM_GETLINK", name, $"{path}: there is no such interface in csrun's network namespace", "ip link");
        _outside.Addresses(device.Index, out IReadOnlyList<InterfaceAddress> addresses).OrThrow("RTM_GETADDR", name);
        _outside.Set(device.Index, up: false).OrThrow("RTM_NEWLINK", name, $"{path} cannot be put down, which comes before it is moved");
        SysResult moved = _outside.Move(device.Index, _container, inside);
        if (!moved.Ok)
        {
            // The kernel moves first and renames then: it may be over there under its old name.
            _moved.Add((name, name, device.IsUp, addresses));
            Return();
            if (device.IsUp && _outside.Find(name, out device).Ok)
            {
                _ = _outside.Set(device.Index, up: true);
            }

            throw new KernelException("RTM_NEWLINK(IFLA_NET_NS_FD)", name, moved.Errno, moved.Errno switch
            {
                Errno.EEXIST => $"{path}: the container's network namespace has an interface \"{inside}\" already",
                Errno.EINVAL => $"{path}: this kind of interface stays in its network namespace (such as loopback, bridges, and what a tunnel is made by)",
                Errno.EPERM => $"{path}: moving it takes CAP_NET_ADMIN in both network namespaces",
                _ => path,
            }, moved.Errno == Errno.EEXIST ? "give it another \"name\"" : null);
        }

        _moved.Add((name, inside, device.IsUp, addresses));
        _inside.Find(inside, out device).OrThrow("RTM_GETLINK", inside, path);
        Give(_inside, device.Index, up: true, addresses).OrThrow("RTM_NEWADDR", inside, $"{path}: its addresses could not be given to it in the container");
    }

    private static SysResult Give(RouteSocket where, int index, bool up, IReadOnlyList<InterfaceAddress> addresses)
    {
        foreach (InterfaceAddress address in addresses)
        {
            SysResult added = where.Add(index, address);
            if (!added.Ok)
            {
                return added;
            }
        }

        return up ? where.Set(index, up: true) : new SysResult(0, Errno.None);
    }

    private static SafeFd Open(string path) => Sys.Openat2(null, path, OpenFlags.O_RDONLY).FdOrThrow("openat2", path);
}
