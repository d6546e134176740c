using System.Text;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Ops;

/// <summary>csrun makes the container's control group and sets its limits, before anything runs in it.</summary>
/// <param name="Plan">The group.</param>
public sealed record MakeCgroupOp(CgroupPlan Plan) : CsrunOp
{
    /// <inheritdoc/>
    public override string ManPage => "cgroups(7)";

    /// <inheritdoc/>
    public override string Describe()
    {
        StringBuilder text = new();
        foreach (CgroupGroup group in Plan.Groups)
        {
            text.Append(text.Length == 0 ? "mkdir " : " ").Append(group.Directory);
        }

        CgroupText.Settings(text, Plan);
        return text.ToString();
    }
}
