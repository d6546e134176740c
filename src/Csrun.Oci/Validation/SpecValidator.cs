namespace Csrun.Oci;

/// <summary>
/// Checks what a configuration means, as far as it can be told without looking at the host: what the kernel or the
/// runtime-spec would refuse is a mistake here already, before anything is touched.
/// </summary>
/// <remarks>What csrun itself does not support is the planner's to say.</remarks>
public static partial class SpecValidator
{
    /// <summary>The kernel's limit of a host or domain name (__NEW_UTS_LEN), in bytes.</summary>
    private const int UtsNameLimit = 64;

    /// <summary>Lists everything that is wrong.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="warnings">Receives what is odd but allowed; null to drop it.</param>
    /// <returns>The mistakes, in the order of the document; empty for a good configuration.</returns>
    public static IReadOnlyList<ConfigMistake> Validate(Spec spec, ICollection<ConfigMistake>? warnings = null)
    {
        Findings found = new(warnings);
        CheckVersion(spec.OciVersion, found);
        CheckProcess(spec, found);
        if (spec.Root is { } root)
        {
            found.Path("$.root.path", root.Path, mustBeAbsolute: false);
        }

        CheckUtsName("hostname", spec.Hostname, spec, found);
        CheckUtsName("domainname", spec.Domainname, spec, found);
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            CheckMount($"$.mounts[{i}]", spec.Mounts[i], spec, found);
        }

        CheckHooks(spec.Hooks, found);
        if (spec.Annotations.ContainsKey(""))
        {
            found.Mistake(JsonPathText.Member("$.annotations", ""), "an annotation without a name");
        }

        if (spec.Linux is { } linux)
        {
            CheckLinux(linux, spec, found);
        }

        return found.Mistakes;
    }

    /// <summary>Whether the configuration names a namespace of this type, new or joined.</summary>
    internal static bool HasNamespace(Spec spec, string type)
    {
        if (spec.Linux is { } linux)
        {
            foreach (Namespace item in linux.Namespaces)
            {
                if (item.Type == type)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static void CheckVersion(string version, Findings found)
    {
        if (version.Length == 0)
        {
            found.Mistake("$.ociVersion", "missing, but required", $"add \"ociVersion\": \"{SpecVersion.Current}\"");
        }
        else if (!IsVersion1(version))
        {
            found.Mistake("$.ociVersion", $"{JsonPathText.Quote(version)} is not a version 1.x of the specification", $"write \"{SpecVersion.Current}\"");
        }
    }

    /// <summary>SemVer 2.0.0 with major version 1, as far as it matters: 1.MINOR.PATCH, then perhaps a suffix.</summary>
    private static bool IsVersion1(string version)
    {
        int core = version.AsSpan().IndexOfAny('-', '+');
        ReadOnlySpan<char> numbers = core < 0 ? version : version.AsSpan(0, core);
        int parts = 0;
        foreach (Range part in numbers.Split('.'))
        {
            ReadOnlySpan<char> number = numbers[part];
            if (number.IsEmpty || number.ContainsAnyExceptInRange('0', '9') || (parts == 0 && number is not "1"))
            {
                return false;
            }

            parts++;
        }

        return parts == 3;
    }

    private static void CheckUtsName(string property, string? name, Spec spec, Findings found)
    {
        if (name is null)
        {
            return;
        }

        string path = $"$.{property}";
        if (!HasNamespace(spec, "uts"))
        {
            found.Mistake(path, "needs a uts namespace, else it would be the host's", "add { \"type\": \"uts\" } to linux.namespaces");
        }

        int length = System.Text.Encoding.UTF8.GetByteCount(name);
        if (length > UtsNameLimit)
        {
            found.Mistake(path, $"{length} bytes, more than the kernel's {UtsNameLimit}");
        }

        found.NoNul(path, name);
    }

    private static void CheckHooks(Hooks? hooks, Findings found)
    {
        if (hooks is null)
        {
            return;
        }

        foreach (string name in KnownWords.Hooks)
        {
            CheckHookList(name, hooks.Of(name), found);
        }
    }

    private static void CheckHookList(string name, IReadOnlyList<Hook> hooks, Findings found)
    {
        for (int i = 0; i < hooks.Count; i++)
        {
            string path = $"$.hooks.{name}[{i}]";
            found.Path($"{path}.path", hooks[i].Path);
            found.Environment($"{path}.env", hooks[i].Env);
            if (hooks[i].Timeout is <= 0)
            {
                found.Mistake($"{path}.timeout", $"must be at least 1 second, not {hooks[i].Timeout}", "leave it out for no limit");
            }
        }
    }
}
