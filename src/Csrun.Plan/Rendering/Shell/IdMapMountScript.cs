using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>The plan of an ID-mapped mount as a script: one mount(8), since util-linux 2.39.</summary>
internal static class IdMapMountScript
{
    /// <summary>Whether a plan is that of such a mount.</summary>
    internal static bool Is(LaunchPlan plan) => plan.Steps.Any(s => s is CsrunStep { Op: OwnCallOp });

    internal static string Render(LaunchPlan plan)
    {
        string source = "", target = "", map = "";
        List<string> options = [];
        string bind = "--bind";
        StringBuilder output = new("#!/bin/sh\n# What csrun idmap mount does, with mount(8). The numbers are those of csrun's own steps (--explain).\n");
        foreach (Step step in plan.Steps)
        {
            output.Append($"#\n# {step.Number}. {ShellText.Comment(step.Why)}\n#    {ShellText.Comment(((CsrunStep)step).Op.Describe())}\n");
            switch (((CsrunStep)step).Op)
            {
                case OwnCallOp { Call: OpenOp { Result.Name: "source" } open }:
                    source = open.Path;
                    break;
                case OwnCallOp { Call: OpenOp { Result.Name: "target" } open }:
                    target = open.Path;
                    break;
                case OwnCallOp { Call: OpenOp { Result.Name: "user namespace" } open } when map.Length == 0:
                    map = open.Path;
                    break;
                case OwnCallOp { Call: OpenTreeOp { Recursive: true } }:
                    bind = "--rbind";
                    break;
                case WriteIdMapsOp maps:
                    map = string.Join(' ', Entries('u', maps.Uid).Concat(Entries('g', maps.Gid)));
                    break;
                case OwnCallOp { Call: MountSetattrOp change }:
                    options.AddRange(ShellScript.AttributeNames(change.Set & ~MountAttr.MOUNT_ATTR_IDMAP));
                    if (change.Propagation != 0)
                    {
                        options.Add(change.Propagation.ToString()[3..].ToLowerInvariant());
                    }

                    break;
            }
        }

        options.Add($"X-mount.idmap={map}");
        output.Append($$"""
            set -eu
            # Older ones would ignore the map without a word, and show the owners as they are on disk.
            version=$(mount --version); version=${version#*util-linux 2.}; version=${version%%[!0-9]*}
            if [ "${version:-0}" -lt 39 ]; then echo "csrun script: mount(8) has X-mount.idmap since util-linux 2.39; this is $(mount --version)" >&2; exit 125; fi
            mount {{bind}} -o {{ShellText.Word(string.Join(',', options))}} -- {{ShellText.Word(source)}} {{ShellText.Word(target)}}

            """);
        return output.ToString();
    }

    private static IEnumerable<string> Entries(char type, IEnumerable<IdMapping> map) => map.Select(m => $"{type}:{m.ContainerId}:{m.HostId}:{m.Size}");
}
