namespace Csrun.Oci;

/// <content>config-linux.md: namespaces, devices, paths and what is small.</content>
public static partial class SpecValidator
{
    private static void CheckLinux(LinuxConfig linux, Spec spec, Findings found)
    {
        CheckNamespaces(linux.Namespaces, found);
        CheckUserMappings(linux, spec, found);
        CheckTimeOffsets(linux.TimeOffsets, spec, found);
        CheckDevices(linux.Devices, found);
        if (linux.CgroupsPath is { } cgroup && HasParentComponent(cgroup))
        {
            found.Mistake("$.linux.cgroupsPath", $"{JsonPathText.Quote(cgroup)} has a \"..\" component", "write the path it leads to");
        }

        CheckResources(linux.Resources, found);
        if (linux.RootfsPropagation is { } propagation)
        {
            found.Word("$.linux.rootfsPropagation", propagation, KnownWords.Propagations, "a mount propagation");
        }

        CheckSeccomp(linux.Seccomp, found);
        foreach ((string name, string value) in linux.Sysctl)
        {
            CheckSysctl(name, value, spec, found);
        }

        found.Paths("$.linux.maskedPaths", linux.MaskedPaths);
        found.Paths("$.linux.readonlyPaths", linux.ReadonlyPaths);
        CheckPersonality(linux.Personality, found);
        CheckNetDevices(linux, spec, found);
        CheckMemoryPolicy(linux.MemoryPolicy, found);
    }

    private static void CheckNamespaces(IReadOnlyList<Namespace> namespaces, Findings found)
    {
        for (int i = 0; i < namespaces.Count; i++)
        {
            Namespace item = namespaces[i];
            string path = $"$.linux.namespaces[{i}]";
            found.Word($"{path}.type", item.Type, KnownWords.Namespaces, "a namespace type");
            if (item.Path is not null)
            {
                found.Path($"{path}.path", item.Path);
            }

            for (int j = 0; j < i && item.Type.Length > 0; j++)
            {
                if (namespaces[j].Type == item.Type)
                {
                    found.Mistake($"{path}.type", $"{JsonPathText.Quote(item.Type)} is named by namespaces[{j}] already", "keep one of them");
                    break;
                }
            }
        }
    }

    private static void CheckUserMappings(LinuxConfig linux, Spec spec, Findings found)
    {
        CheckMappingPair("$.linux", linux.UidMappings, linux.GidMappings, found);
        if ((linux.UidMappings.Count > 0 || linux.GidMappings.Count > 0) && !HasNamespace(spec, "user"))
        {
            found.Mistake(
                linux.UidMappings.Count > 0 ? "$.linux.uidMappings" : "$.linux.gidMappings",
                "ID mappings need a user namespace", "add { \"type\": \"user\" } to linux.namespaces");
        }
    }

    private static void CheckTimeOffsets(TimeOffsets? offsets, Spec spec, Findings found)
    {
        if (offsets is null)
        {
            return;
        }

        if (!HasNamespace(spec, "time"))
        {
            found.Mistake("$.linux.timeOffsets", "clock offsets need a time namespace", "add { \"type\": \"time\" } to linux.namespaces");
        }

        for (int i = 0; i < (spec.Linux?.Namespaces.Count ?? 0); i++)
        {
            if (spec.Linux!.Namespaces[i] is { Type: "time", Path: not null })
            {
                found.Mistake("$.linux.timeOffsets", $"the clocks of the time namespace that namespaces[{i}].path names have their offsets already", "leave out either the path or the offsets");
            }
        }

        CheckNanoseconds("monotonic", offsets.Monotonic, found);
        CheckNanoseconds("boottime", offsets.Boottime, found);
    }

    private static void CheckNanoseconds(string clock, TimeOffset? offset, Findings found)
    {
        if (offset is { Nanosecs: > 999_999_999 })
        {
            found.Mistake($"$.linux.timeOffsets.{clock}.nanosecs", $"must be below 1000000000, not {offset.Nanosecs}", "use secs for whole seconds");
        }
    }

    private static void CheckDevices(IReadOnlyList<Device> devices, Findings found)
    {
        for (int i = 0; i < devices.Count; i++)
        {
            Device device = devices[i];
            string path = $"$.linux.devices[{i}]";
            found.Word($"{path}.type", device.Type, KnownWords.DeviceTypes, "a device type");
            found.Path($"{path}.path", device.Path);
            if (HasParentComponent(device.Path))
            {
                found.Mistake($"{path}.path", $"{JsonPathText.Quote(device.Path)} has a \"..\" component", "write the path it leads to");
            }

            if (device.Type != "p")
            {
                // 12 and 20 bits: the kernel's dev_t.
                CheckDeviceNumber($"{path}.major", device.Major, 0xfff, found);
                CheckDeviceNumber($"{path}.minor", device.Minor, 0xfffff, found);
            }
        }
    }

    private static void CheckDeviceNumber(string path, long? number, long limit, Findings found)
    {
        if (number is null)
        {
            found.Mistake(path, "missing, but needed unless the type is p");
        }
        else if (number < 0 || number > limit)
        {
            found.Mistake(path, $"must be from 0 to {limit}, not {number}");
        }
    }

    private static void CheckPersonality(Personality? personality, Findings found)
    {
        if (personality is null)
        {
            return;
        }

        found.Word("$.linux.personality.domain", personality.Domain, KnownWords.PersonalityDomains, "an execution domain");
        if (personality.Flags.Count > 0)
        {
            found.Mistake("$.linux.personality.flags", "the specification defines no flags", "leave them out");
        }
    }

    private static void CheckNetDevices(LinuxConfig linux, Spec spec, Findings found)
    {
        if (linux.NetDevices.Count > 0 && !HasNamespace(spec, "network"))
        {
            found.Mistake("$.linux.netDevices", "moving devices needs a network namespace", "add { \"type\": \"network\" } to linux.namespaces");
        }

        foreach ((string name, NetDevice device) in linux.NetDevices)
        {
            string path = JsonPathText.Member("$.linux.netDevices", name);
            CheckInterfaceName(path, name, found);
            if (device.Name is not null)
            {
                CheckInterfaceName($"{path}.name", device.Name, found);
            }
        }
    }

    /// <summary>What dev_valid_name() of the kernel takes: 1 to 15 bytes without slash, colon or space, and not a dot name.</summary>
    private static void CheckInterfaceName(string path, string name, Findings found)
    {
        bool wrong = System.Text.Encoding.UTF8.GetByteCount(name) is 0 or > 15 || name is "." or "..";
        foreach (char c in name)
        {
            wrong |= c is '/' or ':' or <= ' ';
        }

        if (wrong)
        {
            found.Mistake(path, $"{JsonPathText.Quote(name)} is not a network device name", "1 to 15 bytes without slash, colon or space");
        }
    }
}
