namespace Csrun.Plan.Doctor;

/// <summary>Which distribution this is, for the commands that install something (os-release(5)).</summary>
/// <param name="Family">debian, fedora, arch, alpine, suse, or empty where it is none that csrun knows.</param>
/// <param name="Name">As it calls itself.</param>
public sealed record Distribution(string Family, string Name)
{
    private static readonly (string Family, string Install, string[] Ids)[] s_families =
    [
        ("debian", "sudo apt install", ["debian", "ubuntu"]),
        ("fedora", "sudo dnf install", ["fedora", "rhel", "centos", "almalinux", "rocky"]),
        ("arch", "sudo pacman -S", ["arch"]),
        ("alpine", "sudo apk add", ["alpine"]),
        ("suse", "sudo zypper install", ["suse", "opensuse"]),
    ];

    // The packages by what they bring, in the order of the families above.
    private static readonly Dictionary<string, string[]> s_packages = new(StringComparer.Ordinal)
    {
        ["newuidmap"] = ["uidmap", "shadow-utils", "shadow", "shadow-uidmap", "shadow"],
        ["libsubid"] = ["libsubid4", "shadow-utils-subid", "shadow", "shadow-subids", "libsubid4"],
        ["libseccomp"] = ["libseccomp2", "libseccomp", "libseccomp", "libseccomp", "libseccomp2"],
        ["libssl"] = ["libssl3", "openssl-libs", "openssl", "libssl3", "libopenssl3"],
        ["bindfs"] = ["bindfs", "bindfs", "bindfs", "bindfs", "bindfs"],
    };

    /// <summary>Reads /etc/os-release.</summary>
    /// <param name="text">Its content, or null.</param>
    public static Distribution Parse(string? text)
    {
        string name = "an unknown distribution";
        List<string> ids = [];
        foreach (string line in (text ?? "").Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string value = equals < 0 ? "" : line[(equals + 1)..].Trim().Trim('"', '\'');
            switch (equals < 0 ? "" : line[..equals])
            {
                case "ID":
                    ids.Insert(0, value);
                    break;
                case "ID_LIKE":
                    ids.AddRange(value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                    break;
                case "PRETTY_NAME":
                    name = value;
                    break;
                default:
                    break;
            }
        }

        foreach (string id in ids)
        {
            foreach ((string family, _, string[] members) in s_families)
            {
                if (Array.IndexOf(members, id) >= 0 || (family == "suse" && id.StartsWith("opensuse", StringComparison.Ordinal)))
                {
                    return new Distribution(family, name);
                }
            }
        }

        return new Distribution("", name);
    }

    /// <summary>The command that installs something; for an unknown distribution, what to look for.</summary>
    /// <param name="what">newuidmap, libsubid, libseccomp, libssl or bindfs.</param>
    public string Install(string what)
    {
        int index = Array.FindIndex(s_families, f => f.Family == Family);
        return index >= 0 ? $"{s_families[index].Install} {s_packages[what][index]}" : $"install the package of {Name} that has {what}";
    }
}
