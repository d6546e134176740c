using System.Collections.Immutable;
using System.Globalization;
using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Collects the writes that a configuration's resources come to, and what this host cannot do of them.</summary>
internal sealed class CgroupWriteList(CgroupLayout layout)
{
    internal const string At = "$.linux.resources";

    private readonly ImmutableArray<CgroupWrite>.Builder _writes = ImmutableArray.CreateBuilder<CgroupWrite>();

    public ImmutableArray<CgroupWrite> Writes => _writes.ToImmutable();

    public List<ConfigMistake> Refused { get; } = [];

    public bool Unified => layout.Mode == CgroupMode.Unified;

    /// <summary>Adds a write, or a refusal where the host has not got the controller.</summary>
    public void Add(CgroupWrite write)
    {
        // cgroup.max.descendants and the like are every group's own.
        if ((Unified && write.Controller == "cgroup") || (layout.With(write.Controller) is { } hierarchy && hierarchy.IsV2 == Unified))
        {
            _writes.Add(write);
        }
        else
        {
            Refuse(write.JsonPath, $"this host has no control group controller \"{write.Controller}\"", layout.Mode == CgroupMode.None ? "mount control groups: sudo mount -t cgroup2 none /sys/fs/cgroup" : "remove it from the configuration; cat /proc/cgroups shows the controllers");
        }
    }

    /// <summary>Adds a number; -1 of a limit is written as it is.</summary>
    public void Add(string controller, string file, long value, string property) => Add(new CgroupWrite(controller, file, Number(value), $"{At}.{property}"));

    /// <summary>Says that the version of control groups here has no such setting.</summary>
    public void OnlyInOtherVersion(string property, string what) => Refuse(
        $"{At}.{property}",
        $"{what} {(Unified ? "is a setting of control groups version 1, and this host has version 2" : "is a setting of control groups version 2, and this host has version 1")}",
        "remove it from the configuration");

    public void Refuse(string path, string problem, string fix) => Refused.Add(new ConfigMistake(path, problem, fix));

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(ulong value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A limit as version 2 writes it.</summary>
    public static string Limit(long value) => value < 0 ? "max" : Number(value);
}
