namespace Csrun.Oci;

/// <content>config.md, "Mounts".</content>
public static partial class SpecValidator
{
    private static void CheckMount(string path, Mount mount, Spec spec, Findings found)
    {
        found.Path($"{path}.destination", mount.Destination);
        if (HasParentComponent(mount.Destination))
        {
            found.Mistake($"{path}.destination", $"{JsonPathText.Quote(mount.Destination)} has a \"..\" component", "write the path it leads to");
        }

        bool isBind = mount.Type == "bind" || Contains(mount.Options, "bind") || Contains(mount.Options, "rbind");
        bool remount = Contains(mount.Options, "remount");
        if (isBind && mount.Source is null && !remount)
        {
            found.Mistake($"{path}.source", "missing, but a bind mount needs one");
        }
        else if (!isBind && mount.Type is null or "none" && !remount)
        {
            found.Mistake($"{path}.type", "missing, and the options have no bind or rbind", "name a file system, or add \"rbind\" to options");
        }

        found.NoNul($"{path}.source", mount.Source ?? "");
        found.NoNul($"{path}.type", mount.Type ?? "");
        CheckMountOptions($"{path}.options", mount, isBind, found);
        CheckMountIdMap(path, mount, spec, found);
    }

    private static bool HasParentComponent(string path)
    {
        foreach (Range part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan()[part] is "..")
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckMountOptions(string path, Mount mount, bool isBind, Findings found)
    {
        // A bind mount has no file system of its own to take data: mount(2) ignores it, and engines that give every mount the same options
        // rely on that. Unknown file systems may take anything.
        string[]? data = MountOptionWords.DataOf(isBind ? "tmpfs" : mount.Type ?? "");
        for (int i = 0; i < mount.Options.Count; i++)
        {
            string option = mount.Options[i];
            string at = $"{path}[{i}]";
            found.NoNul(at, option);
            if (option.Length == 0)
            {
                found.Mistake(at, "an empty option", "remove it");
            }
            else if (data is not null && !IsKnownOption(option, data))
            {
                found.Mistake(at, $"{JsonPathText.Quote(option)} is not an option of {(isBind ? "bind mounts" : mount.Type)}", OptionFix(option, data));
            }

            for (int j = 0; j < i; j++)
            {
                if (MountOptionWords.Contradict(mount.Options[j], option))
                {
                    found.Mistake(at, $"\"{option}\" contradicts \"{mount.Options[j]}\" of options[{j}]", "keep one of them");
                    break;
                }
            }
        }
    }

    private static bool IsKnownOption(string option, string[] data) =>
        Array.IndexOf(MountOptionWords.Flags, option) >= 0 || IsDataOption(option, data)
        || IsDataOption(option, MountOptionWords.Labels) || MountIdMapOption.IsPresent(option);

    private static bool IsDataOption(string option, string[] data)
    {
        foreach (string known in data)
        {
            if (known[^1] == '=' ? option.StartsWith(known, StringComparison.Ordinal) : option == known)
            {
                return true;
            }
        }

        return false;
    }

    private static string? OptionFix(string option, string[] data)
    {
        if (option.Contains(',', StringComparison.Ordinal))
        {
            return "write each option as a string of its own";
        }

        int equals = option.IndexOf('=', StringComparison.Ordinal);
        string? meant = equals > 0 ? Spelling.Closest(option[..(equals + 1)], data) : Spelling.Closest(option, [.. MountOptionWords.Flags, .. data]);
        return meant is null ? null : $"did you mean \"{meant}\"?";
    }

    private static void CheckMountIdMap(string path, Mount mount, Spec spec, Findings found)
    {
        CheckMappingPair(path, mount.UidMappings, mount.GidMappings, found);
        bool hasMappings = mount.UidMappings.Count > 0 || mount.GidMappings.Count > 0;
        bool hasOption = false;
        for (int i = 0; i < mount.Options.Count; i++)
        {
            string option = mount.Options[i];
            if (!MountIdMapOption.IsPresent(option))
            {
                continue;
            }

            hasOption = true;
            if (MountIdMapOption.HasRanges(option))
            {
                if (!MountIdMapOption.HasReadableRanges(option))
                {
                    found.Mistake($"{path}.options[{i}]", $"{JsonPathText.Quote(option)} cannot be read", "write it like idmap=uids=0-100000-65536;gids=0-100000-65536");
                }
                else if (hasMappings)
                {
                    found.Mistake($"{path}.options[{i}]", "ranges beside uidMappings and gidMappings", "write the ranges in one place only");
                }
            }
            else if (!hasMappings && !HasNamespace(spec, "user"))
            {
                found.Mistake($"{path}.options[{i}]", $"\"{option}\" without mappings and without a user namespace to take them from", "add uidMappings and gidMappings to the mount");
            }
        }

        if (hasMappings && !hasOption)
        {
            found.Warning($"{path}.options", "mappings without the option \"idmap\"; older runtimes ignore them", "add \"idmap\" to options");
        }
    }
}
