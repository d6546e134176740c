using System.Text;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Ops;

/// <summary>A control group's settings as a shell would write them.</summary>
internal static class CgroupText
{
    public static void Settings(StringBuilder text, CgroupPlan plan)
    {
        if (plan.Devices is { } devices)
        {
            if (plan.Mode == CgroupMode.Unified)
            {
                text.Append("; bpf(BPF_PROG_LOAD, BPF_PROG_TYPE_CGROUP_DEVICE); bpf(BPF_PROG_ATTACH)");
            }
            else
            {
                Writes(text, plan, devices.Writes());
            }
        }

        Writes(text, plan, plan.Writes);
    }

    private static void Writes(StringBuilder text, CgroupPlan plan, IEnumerable<CgroupWrite> writes)
    {
        foreach (CgroupWrite write in writes)
        {
            CgroupGroup? group = plan.Groups.FirstOrDefault(g => g.Controllers.Contains(write.Controller));
            text.Append($"; echo \"{write.Text}\" > {group?.Directory}/{write.File}");
        }
    }
}
