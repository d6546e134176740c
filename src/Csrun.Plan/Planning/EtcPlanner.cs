using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>A file of csrun's own that covers one of the image's: /etc/hosts, /etc/hostname, /etc/resolv.conf.</summary>
/// <param name="Destination">Where it goes.</param>
/// <param name="Text">Its content.</param>
public sealed record EtcFile(string Destination, string Text);

/// <summary>The files in /etc that belong to a container and not to its image: made in memory, in the tmpfs on /dev, bound over the
/// image's, and without a name there afterwards.</summary>
/// <remarks>On disk they would cost three files made and removed for each container, a millisecond; in memory they go with the
/// mount namespace, whatever ends csrun.</remarks>
internal static class EtcPlanner
{
    public static void Plan(PlanContext context, FdSlot dev)
    {
        PlanBuilder plan = context.Builder;
        foreach (EtcFile file in context.Request.EtcFiles)
        {
            string name = $".csrun-{file.Destination[(file.Destination.LastIndexOf('/') + 1)..]}";
            FdSlot mount = plan.NewSlot(name);
            plan.Child(new NewFileOp(dev, name, file.Text, plan.NewSlot($"new {name}")), $"the container's own {file.Destination}, in memory", "the image's own would hold: localhost and the container's name not known, or the name servers of whoever built the image asked");
            plan.Child(new OpenTreeOp(dev, name, Recursive: false, mount), "the file as a mount", "the file could only be copied into the image's /etc, which may be read-only, or a link that leads elsewhere");
            FdSlot target = TargetPlanner.Ensure(context, file.Destination, isFile: true);
            plan.Child(new MoveMountOp(mount, target, file.Destination), $"{file.Destination} in place", "the image's file would stay the one that programs read");
            plan.Child(new UnlinkOp(dev, name), "nothing of it shows in /dev", "the file would show in /dev, under a name that no program expects");
        }
    }
}
