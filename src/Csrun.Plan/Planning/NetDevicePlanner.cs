using Csrun.Linux.Abi;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Network interfaces that are moved into the container (runtime-spec config-linux.md, "Network Devices").</summary>
internal static class NetDevicePlanner
{
    public static void Plan(PlanContext context)
    {
        if (context.Spec.Linux?.NetDevices is not { Count: > 0 } devices)
        {
            return;
        }

        if (!context.HasOwn(CloneFlags.CLONE_NEWNET))
        {
            throw new Linux.CsrunException("$.linux.netDevices: there is no network namespace to move them into", "the container shares csrun's own", "leave --network host away, or remove netDevices from the configuration");
        }

        const string Made = "network namespace made";
        const string Moved = "network devices moved";
        PlanBuilder plan = context.Builder;
        plan.Child(new AnnounceOp(Made, context.Control), "its network namespace is there", "csrun could move the devices into the namespace that the child has left");
        plan.Csrun(new AwaitChildOp(Made), "its network namespace is there", "csrun could move the devices into the namespace that the child has left");
        plan.Csrun(new MoveNetDevicesOp([.. devices.Select(d => (d.Key, d.Value.Name ?? d.Key))]), "network devices of the configuration, with their global addresses", "the container would be without the devices");
        plan.Csrun(new PassBarrierOp(Moved, []), "the child may go on", "the child would wait for ever");
        plan.Child(new AwaitBarrierOp(Moved, context.Control, []), "kernel parameters and hooks come after the devices that they are of", "a kernel parameter of a device could not be set: ENOENT");
    }
}
