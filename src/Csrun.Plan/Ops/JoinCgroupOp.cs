using System.Text;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Ops;

/// <summary>csrun moves the child into the container's control group.</summary>
/// <param name="Plan">The group.</param>
public sealed record JoinCgroupOp(CgroupPlan Plan) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "cgroups(7)";

    /// <inheritdoc/>
    public override string Describe()
    {
        StringBuilder text = new();
        if (Plan.Unit is { } unit)
        {
            text.Append($"busctl{(Plan.UserUnit ? " --user" : "")} call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager StartTransientUnit {unit.Name} (PIDs=PID Slice={unit.Slice} Delegate=yes");
            foreach (UnitProperty property in Plan.Properties)
            {
                text.Append($" {property.Name}={string.Join(' ', property.Values)}");
            }

            text.Append(')');
            CgroupText.Settings(text, Plan);
            return text.ToString();
        }

        foreach (CgroupGroup group in Plan.Groups)
        {
            text.Append(text.Length == 0 ? "" : "; ").Append($"echo PID > {group.Directory}/cgroup.procs");
        }

        return text.ToString();
    }
}
