namespace Csrun.Oci;

/// <content>config.md, "Process".</content>
public static partial class SpecValidator
{
    private static void CheckProcess(Spec spec, Findings found)
    {
        if (spec.Process is not { } process)
        {
            found.Mistake("$.process", "missing, but needed to start a container");
            return;
        }

        // struct winsize has 16 bits for each; without a terminal the specification wants the size ignored.
        if (process is { Terminal: true, ConsoleSize: { } size })
        {
            CheckConsoleSize("height", size.Height, found);
            CheckConsoleSize("width", size.Width, found);
        }

        CheckUser(process.User, spec, found);
        CheckArgs(process.Args, found);
        found.Environment("$.process.env", process.Env);
        found.Path("$.process.cwd", process.Cwd);
        if (process.Capabilities is { } capabilities)
        {
            CheckCapabilities("bounding", capabilities.Bounding, found);
            CheckCapabilities("effective", capabilities.Effective, found);
            CheckCapabilities("inheritable", capabilities.Inheritable, found);
            CheckCapabilities("permitted", capabilities.Permitted, found);
            CheckCapabilities("ambient", capabilities.Ambient, found);
            CheckSubset("effective", capabilities.Effective, "permitted", capabilities.Permitted, found);
            CheckSubset("ambient", capabilities.Ambient, "permitted", capabilities.Permitted, found);
            CheckSubset("ambient", capabilities.Ambient, "inheritable", capabilities.Inheritable, found);
        }

        CheckRlimits(process.Rlimits, found);
        if (process.OomScoreAdj is < -1000 or > 1000)
        {
            found.Mistake("$.process.oomScoreAdj", $"must be from -1000 to 1000, not {process.OomScoreAdj}");
        }

        CheckScheduling(process, found);
    }

    private static void CheckConsoleSize(string property, uint value, Findings found)
    {
        if (value > ushort.MaxValue)
        {
            found.Mistake($"$.process.consoleSize.{property}", $"must be from 0 to {ushort.MaxValue}, not {value}");
        }
    }

    private static void CheckUser(User user, Spec spec, Findings found)
    {
        CheckProcessId("$.process.user.uid", user.Uid, spec.Linux?.UidMappings, found);
        CheckProcessId("$.process.user.gid", user.Gid, spec.Linux?.GidMappings, found);
        for (int i = 0; i < user.AdditionalGids.Count; i++)
        {
            CheckProcessId($"$.process.user.additionalGids[{i}]", user.AdditionalGids[i], spec.Linux?.GidMappings, found);
        }

        if (user.Umask is > 511)
        {
            found.Mistake("$.process.user.umask", $"must be from 0 to 511 (octal 777), not {user.Umask}", "JSON has no octal numbers: 022 is 18");
        }
    }

    private static void CheckProcessId(string path, uint id, IReadOnlyList<LinuxIdMapping>? mappings, Findings found)
    {
        if (id == NoId)
        {
            found.Mistake(path, $"{NoId} means \"no ID\" to the kernel and cannot be used");
        }
        else if (mappings is { Count: > 0 } && !IsMapped(id, mappings))
        {
            found.Mistake(path, $"ID {id} is outside the container's ID mappings", "map it, or choose a mapped ID");
        }
    }

    private static void CheckArgs(IReadOnlyList<string> args, Findings found)
    {
        if (args.Count == 0)
        {
            found.Mistake("$.process.args", "empty: there is no command to run");
        }
        else if (args[0].Length == 0)
        {
            found.Mistake("$.process.args[0]", "the command is an empty string");
        }

        for (int i = 0; i < args.Count; i++)
        {
            found.NoNul($"$.process.args[{i}]", args[i]);
        }
    }

    private static void CheckCapabilities(string set, IReadOnlyList<string> names, Findings found)
    {
        for (int i = 0; i < names.Count; i++)
        {
            string name = names[i];
            if (Array.IndexOf(KnownWords.Capabilities, name) >= 0)
            {
                continue;
            }

            string path = $"$.process.capabilities.{set}[{i}]";
            string prefixed = name.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? name : $"CAP_{name}";
            if (Spelling.Closest(prefixed, KnownWords.Capabilities) is { } meant)
            {
                found.Mistake(path, $"{JsonPathText.Quote(name)} is not a capability", $"did you mean \"{meant}\"?");
            }
            else if (name.StartsWith("CAP_", StringComparison.Ordinal))
            {
                // The specification asks for a warning: a newer kernel may have it.
                found.Ignored(path, $"{JsonPathText.Quote(name)} is not a capability known here, ignored");
            }
            else
            {
                found.Mistake(path, $"{JsonPathText.Quote(name)} is not a capability", "see capabilities(7) for their names");
            }
        }
    }

    /// <summary>capset(2) and prctl(2) refuse what is not in the other set.</summary>
    private static void CheckSubset(string set, IReadOnlyList<string> names, string otherSet, IReadOnlyList<string> others, Findings found)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (Array.IndexOf(KnownWords.Capabilities, names[i]) >= 0 && !Contains(others, names[i]))
            {
                string path = $"$.process.capabilities.{set}[{i}]";
                if (set == "ambient")
                {
                    // Engines have long written ambient sets that do not take effect; runtimes drop them with a warning.
                    found.Warning(path, $"{names[i]} is not {otherSet}, so it cannot become ambient", $"add it to {otherSet}");
                }
                else
                {
                    found.Mistake(path, $"{names[i]} is not in the {otherSet} set", $"add it to {otherSet}");
                }
            }
        }
    }

    private static bool Contains(IReadOnlyList<string> list, string word)
    {
        foreach (string item in list)
        {
            if (item == word)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckRlimits(IReadOnlyList<Rlimit> rlimits, Findings found)
    {
        for (int i = 0; i < rlimits.Count; i++)
        {
            Rlimit limit = rlimits[i];
            string path = $"$.process.rlimits[{i}]";
            found.Word($"{path}.type", limit.Type, KnownWords.Rlimits, "a resource limit");
            if (limit.Soft > limit.Hard)
            {
                found.Mistake($"{path}.soft", $"{limit.Soft} is above the hard limit {limit.Hard}", "lower soft or raise hard");
            }

            for (int j = 0; j < i && limit.Type.Length > 0; j++)
            {
                if (rlimits[j].Type == limit.Type)
                {
                    found.Mistake($"{path}.type", $"{JsonPathText.Quote(limit.Type)} was set by rlimits[{j}] already", "keep one of them");
                    break;
                }
            }
        }
    }
}
