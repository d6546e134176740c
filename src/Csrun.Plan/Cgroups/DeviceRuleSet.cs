using System.Collections.Immutable;
using Csrun.Linux.Bpf;
using Csrun.Oci;

namespace Csrun.Plan.Cgroups;

/// <summary>Which devices a container may use: one answer for all, and exceptions; what the kernel's version 1 keeps and a BPF program of version 2 decides by.</summary>
/// <param name="AllowByDefault">Whether what no rule names is allowed.</param>
/// <param name="Exceptions">What is decided otherwise.</param>
public sealed record DeviceRuleSet(bool AllowByDefault, ImmutableArray<DeviceRule> Exceptions)
{
    /// <summary>What every container may use, as runc adds it to each configuration: nodes of any kind may be made, but only these opened.</summary>
    public static ImmutableArray<DeviceRule> Standard { get; } =
    [
        new('c', null, null, DeviceRule.Mknod),
        new('b', null, null, DeviceRule.Mknod),
        new('c', 1, 3, DeviceRule.All), // null
        new('c', 1, 8, DeviceRule.All), // random
        new('c', 1, 7, DeviceRule.All), // full
        new('c', 5, 0, DeviceRule.All), // tty
        new('c', 1, 5, DeviceRule.All), // zero
        new('c', 1, 9, DeviceRule.All), // urandom
        new('c', 136, null, DeviceRule.All), // the terminals of devpts
        new('c', 5, 2, DeviceRule.All), // ptmx
    ];

    /// <summary>Applies the rules of a configuration in their order, then the standard ones, to a group that allows nothing.</summary>
    /// <param name="rules"><c>linux.resources.devices</c>.</param>
    /// <param name="mistakes">Rules that the kernel's form of them cannot say.</param>
    public static DeviceRuleSet Of(IReadOnlyList<DeviceCgroupRule> rules, out IReadOnlyList<ConfigMistake> mistakes)
    {
        List<ConfigMistake> found = [];
        bool allow = false;
        List<DeviceRule> exceptions = [];
        for (int i = 0; i < rules.Count; i++)
        {
            DeviceCgroupRule rule = rules[i];
            if (rule.Type is null or "" or "a")
            {
                // A rule for all kinds starts over, whatever else it says (runc; devices cgroup of version 1, "a").
                allow = rule.Allow;
                exceptions.Clear();
                continue;
            }

            DeviceRule one = new(rule.Type[0], Part(rule.Major), Part(rule.Minor), Access(rule.Access));
            Apply(one, rule.Allow, allow, exceptions, $"{CgroupWriteList.At}.devices[{i}]", found);
        }

        foreach (DeviceRule rule in Standard)
        {
            Apply(rule, true, allow, exceptions, "", found);
        }

        mistakes = found;
        return new DeviceRuleSet(allow, [.. exceptions]);
    }

    private static void Apply(DeviceRule rule, bool isAllowed, bool byDefault, List<DeviceRule> exceptions, string path, List<ConfigMistake> mistakes)
    {
        int same = exceptions.FindIndex(e => e.Type == rule.Type && e.Major == rule.Major && e.Minor == rule.Minor);
        if (isAllowed != byDefault)
        {
            if (same < 0)
            {
                exceptions.Add(rule);
            }
            else
            {
                exceptions[same] = rule with { Access = rule.Access | exceptions[same].Access };
            }

            return;
        }

        // Takes an exception back. One that covers more devices cannot be taken back for some of them, nor can a rule for many
        // devices undo exceptions for one: the kernel knows exceptions only, not their order.
        foreach (DeviceRule other in exceptions)
        {
            bool overlaps = other.Type == rule.Type && Meets(other.Major, rule.Major) && Meets(other.Minor, rule.Minor) && (other.Access & rule.Access) != 0;
            if (overlaps && path.Length != 0 && (other.Major, other.Minor) != (rule.Major, rule.Minor))
            {
                mistakes.Add(new ConfigMistake(path, $"\"{rule}\" takes back a part of \"{other}\" from an earlier rule, which control groups cannot express", "put the exceptions after one rule with type \"a\""));
                return;
            }
        }

        if (same >= 0)
        {
            int left = exceptions[same].Access & ~rule.Access;
            if (left == 0)
            {
                exceptions.RemoveAt(same);
            }
            else
            {
                exceptions[same] = rule with { Access = left };
            }
        }
    }

    private static bool Meets(uint? a, uint? b) => a is null || b is null || a == b;

    private static uint? Part(long? number) => number is null or < 0 ? null : (uint)number.Value;

    private static int Access(string? letters)
    {
        int access = 0;
        foreach (char c in string.IsNullOrEmpty(letters) ? "rwm" : letters)
        {
            access |= c switch { 'r' => DeviceRule.Read, 'w' => DeviceRule.Write, _ => DeviceRule.Mknod };
        }

        return access;
    }

    /// <summary>The writes of version 1, for a group that has its parent's rules.</summary>
    public ImmutableArray<CgroupWrite> Writes()
    {
        const string Path = $"{CgroupWriteList.At}.devices";
        ImmutableArray<CgroupWrite>.Builder writes = ImmutableArray.CreateBuilder<CgroupWrite>();
        // Denying all is no reset in a group whose parent allows less; allowing all is refused there, and not needed by the exceptions.
        writes.Add(new CgroupWrite("devices", AllowByDefault ? "devices.allow" : "devices.deny", "a", Path));
        foreach (DeviceRule rule in Exceptions)
        {
            writes.Add(new CgroupWrite("devices", AllowByDefault ? "devices.deny" : "devices.allow", rule.ToString(), Path));
        }

        return writes.ToImmutable();
    }
}
