using System.Collections.Immutable;

namespace Csrun.Plan.Tracing;

/// <summary>What /proc/PID shows of a process, as far as steps of a launch change it.</summary>
public sealed record ProcessState
{
    /// <summary>Nothing: the process cannot be looked at.</summary>
    public static ProcessState Unknown { get; } = new();

    /// <summary>Single values by name: namespaces, maps, IDs, capabilities, and so on.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The lines of mountinfo without the numbers of mounts and devices, which differ in each namespace.</summary>
    public ImmutableArray<string> Mounts { get; init; } = [];

    /// <summary>Whether the process could be looked at.</summary>
    public bool IsKnown => !Values.IsEmpty;

    /// <summary>Whether no more could be seen of the process than its status: nobody but the host's root may look into one that is not dumpable.</summary>
    public bool IsPartial { get; init; }

    /// <summary>This look, with what it could not see as it was before.</summary>
    /// <param name="before">The look before.</param>
    public ProcessState After(ProcessState before) => IsPartial && before.IsKnown ? before with { Values = before.Values.SetItems(Values) } : this;

    /// <summary>Keeps of a line of mountinfo what people read: where, what and with which options.</summary>
    /// <remarks>proc(5): <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</remarks>
    /// <param name="line">The line.</param>
    public static string MountLine(string line)
    {
        string[] fields = line.Split(' ', 6);
        int dash = fields.Length < 6 ? -1 : fields[5].IndexOf(" - ", StringComparison.Ordinal);
        if (dash < 0)
        {
            return line;
        }

        // Propagation of peers: "shared:12" says that it is shared, and the number says nothing here.
        string[] optional = fields[5][..dash].Split(' ');
        string propagation = string.Join(' ', optional.Skip(1).Select(o => o.IndexOf(':', StringComparison.Ordinal) is > 0 and int colon ? o[..colon] : o));
        string root = fields[3] == "/" ? "" : $" ({fields[3]})";
        return $"{fields[4]} {fields[5][(dash + 3)..].Split(' ', 2)[0]}{root} {optional[0]}{(propagation.Length == 0 ? "" : " " + propagation)}";
    }
}
