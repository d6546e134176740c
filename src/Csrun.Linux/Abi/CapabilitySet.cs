using System.Globalization;

namespace Csrun.Linux.Abi;

/// <summary>A set of capabilities: one of the five sets of a process, or the bounding set.</summary>
/// <param name="Mask">Bit n is capability n, as in the Cap lines of /proc/PID/status.</param>
/// <remarks>capabilities(7), proc_pid_status(5).</remarks>
public readonly record struct CapabilitySet(ulong Mask)
{
    /// <summary>No capability.</summary>
    public static CapabilitySet None => default;

    /// <summary>Every capability csrun knows by name.</summary>
    public static CapabilitySet All => new((1UL << CapabilityNames.Count) - 1);

    /// <summary>The 14 that Docker gives a container: CHOWN DAC_OVERRIDE FOWNER FSETID KILL SETGID SETUID SETPCAP
    /// NET_BIND_SERVICE NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE SETFCAP.</summary>
    public static CapabilitySet Default => new(0xa80425fb);

    /// <summary>Every capability up to the kernel's last one.</summary>
    /// <param name="lastCapability">The number in /proc/sys/kernel/cap_last_cap.</param>
    public static CapabilitySet UpTo(int lastCapability) =>
        new(lastCapability >= 63 ? ulong.MaxValue : (1UL << (lastCapability + 1)) - 1);

    /// <summary>The set of one capability.</summary>
    public static CapabilitySet Of(Capability capability) => new(1UL << (int)capability);

    /// <summary>Whether the capability is in the set.</summary>
    public bool Contains(Capability capability) => (Mask & (1UL << (int)capability)) != 0;

    /// <summary>Whether every capability of <paramref name="other"/> is in the set.</summary>
    public bool Contains(CapabilitySet other) => (Mask & other.Mask) == other.Mask;

    /// <summary>The set and one more.</summary>
    public CapabilitySet With(Capability capability) => new(Mask | (1UL << (int)capability));

    /// <summary>The set without one.</summary>
    public CapabilitySet Without(Capability capability) => new(Mask & ~(1UL << (int)capability));

    /// <summary>What is in either set.</summary>
    public CapabilitySet Union(CapabilitySet other) => new(Mask | other.Mask);

    /// <summary>What is in both sets.</summary>
    public CapabilitySet Intersect(CapabilitySet other) => new(Mask & other.Mask);

    /// <summary>What is in this set and not in the other.</summary>
    public CapabilitySet Except(CapabilitySet other) => new(Mask & ~other.Mask);

    /// <summary>The set after <c>--cap-add</c> and <c>--cap-drop</c>, with Docker's rules, which do not depend on the options' order:
    /// with ALL added, everything but the names dropped (a dropped ALL changes nothing then);
    /// with ALL dropped, only the names added; otherwise first drop, then add.</summary>
    /// <param name="add">Names of --cap-add.</param>
    /// <param name="drop">Names of --cap-drop.</param>
    /// <param name="available">What ALL stands for: what this kernel knows and csrun may give.</param>
    /// <exception cref="CsrunException">A name is unknown.</exception>
    public CapabilitySet Tweak(IReadOnlyList<string> add, IReadOnlyList<string> drop, CapabilitySet available)
    {
        CapabilitySet added = Parse(add, "--cap-add", out bool addAll);
        CapabilitySet dropped = Parse(drop, "--cap-drop", out bool dropAll);
        return addAll ? available.Except(dropped) : dropAll ? added : Except(dropped).Union(added);
    }

    /// <summary>Reads a list of names.</summary>
    /// <param name="names">Names with or without CAP_, or ALL.</param>
    /// <param name="option">Where they come from, for the message.</param>
    /// <param name="all">Whether ALL is among them; it adds nothing to the set that is returned.</param>
    /// <exception cref="CsrunException">A name is unknown.</exception>
    public static CapabilitySet Parse(IReadOnlyList<string> names, string option, out bool all)
    {
        all = false;
        CapabilitySet set = None;
        for (int i = 0; i < names.Count; i++)
        {
            if (CapabilityNames.IsAll(names[i]))
            {
                all = true;
            }
            else
            {
                set = set.With(CapabilityNames.Parse(names[i], option));
            }
        }

        return set;
    }

    /// <summary>Reads a list of a configuration, which may name capabilities of a newer kernel: these are left out.</summary>
    public static CapabilitySet Known(IReadOnlyList<string> names)
    {
        CapabilitySet set = None;
        for (int i = 0; i < names.Count; i++)
        {
            set = CapabilityNames.TryParse(names[i], out Capability capability) ? set.With(capability) : set;
        }

        return set;
    }

    /// <summary>The names in the order of their numbers, as process.capabilities of an OCI configuration lists them.</summary>
    public IReadOnlyList<string> Names()
    {
        List<string> names = [];
        for (int i = 0; i < 64; i++)
        {
            if ((Mask & (1UL << i)) != 0)
            {
                names.Add(((Capability)i).Name());
            }
        }

        return names;
    }

    /// <summary>Sixteen hexadecimal digits, as the Cap lines of /proc/PID/status show a set.</summary>
    public override string ToString() => Mask.ToString("x16", CultureInfo.InvariantCulture);
}
