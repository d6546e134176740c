using System.Collections.Immutable;

namespace Csrun.Plan.Requests;

/// <summary>One <c>--mount type=bind|tmpfs,...</c>: either a host path or a file system in memory.</summary>
/// <param name="Bind">The host path, or null.</param>
/// <param name="Tmpfs">The file system in memory, or null.</param>
public sealed record MountSpec(VolumeSpec? Bind, TmpfsSpec? Tmpfs)
{
    private static readonly string[] s_keys =
    [
        "type", "source", "src", "target", "dst", "destination", "readonly", "ro", "rw", "bind-propagation", "bind-recursive", "bind-nonrecursive",
        "tmpfs-size", "tmpfs-mode", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "idmap", "chown", "U", "relabel",
    ];


    /// <summary>Where it appears in the container.</summary>
    public string Destination => Bind?.Destination ?? Tmpfs!.Destination;

    /// <summary>Reads the value.</summary>
    /// <param name="text">Pairs KEY=VALUE with commas between them.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="Csrun.Linux.CsrunException">The value is not understood or not possible.</exception>
    public static MountSpec Parse(string text, string option = "--mount")
    {
        Dictionary<string, string?> pairs = new(StringComparer.Ordinal);
        foreach (string pair in text.Split(','))
        {
            (string key, string? value) = OptionValue.KeyValue(pair);
            key = key switch { "src" => "source", "dst" or "destination" => "target", "ro" => "readonly", "U" => "chown", _ => key };
            if (Array.IndexOf(s_keys, key) < 0)
            {
                throw OptionValue.Wrong(option, text, $"\"{key}\" is no key of --mount{Closest.Clause(key, s_keys)}", $"the keys are {string.Join(' ', s_keys)}");
            }

            if (!pairs.TryAdd(key, value))
            {
                throw OptionValue.Wrong(option, text, $"{key} is given twice");
            }
        }

        // Docker's default type is volume, so a mount without a type says what it lacks.
        string type = pairs.GetValueOrDefault("type") ?? throw OptionValue.Wrong(option, text, "the type is missing", "type=bind,source=SRC,target=DST or type=tmpfs,target=DST");
        string target = ContainerPath.Parse(option, text, pairs.GetValueOrDefault("target") ?? throw OptionValue.Wrong(option, text, "the target is missing", "target=/PATH/IN/CONTAINER"));
        return type switch
        {
            "bind" => new MountSpec(BindOf(option, text, target, pairs), null),
            "tmpfs" => new MountSpec(null, TmpfsOf(option, text, target, pairs)),
            "volume" => throw OptionValue.Later(option, text, "named volumes come with a later version", "type=bind with a directory of the host"),
            "image" or "cluster" or "npipe" or "glob" or "ramfs" or "devpts" or "artifact" => throw OptionValue.Later(option, text, $"mounts of type {type} do not exist in csrun", "type=bind or type=tmpfs"),
            _ => throw OptionValue.Wrong(option, text, $"\"{type}\" is no type of mount{Closest.Clause(type, ["bind", "tmpfs", "volume"])}", "type=bind or type=tmpfs"),
        };
    }

    private static VolumeSpec BindOf(string option, string text, string target, Dictionary<string, string?> pairs)
    {
        Refuse(option, text, pairs, "bind", "tmpfs-size", "tmpfs-mode");
        string source = pairs.GetValueOrDefault("source") ?? throw OptionValue.Wrong(option, text, "the source is missing", "source=/PATH/ON/HOST");
        VolumeSpec.CheckSource(option, text, source);
        MountOptionSet options = new(option, text);
        AddAccess(option, text, pairs, options);
        AddRestrictions(option, text, pairs, word => options.TryAdd(word));
        if (pairs.TryGetValue("bind-propagation", out string? propagation)
            && (propagation is not ("private" or "rprivate" or "slave" or "rslave" or "shared" or "rshared") || !options.TryAdd(propagation)))
        {
            throw OptionValue.Wrong(option, text, $"\"{propagation}\" is no propagation", "private rprivate slave rslave shared or rshared");
        }

        bool readOnlyBelow = AddRecursion(option, text, pairs, options);
        char? relabel = pairs.TryGetValue("relabel", out string? label)
            ? label switch { "shared" => 'z', "private" => 'Z', _ => throw OptionValue.Wrong(option, text, "relabel is shared or private") }
            : null;
        bool chown = pairs.TryGetValue("chown", out string? owner) && OptionValue.Flag(option, text, "chown", owner);
        VolumeIdMap? idMap = pairs.TryGetValue("idmap", out string? map) ? VolumeIdMap.Parse(option, text, map) : null;
        return chown && idMap is not null
            ? throw OptionValue.Wrong(option, text, "chown changes the owners on disk and idmap translates them: together the owners would be translated twice", "keep one of the two")
            : new VolumeSpec { Source = source, Destination = target, Options = options.ForBind(readOnlyBelow), ReadOnly = options.ReadOnly, Chown = chown, Relabel = relabel, IdMap = idMap };
    }

    // Docker: enabled (all below too, read-only as well), disabled (only the mount itself), writable (read-only at the top alone), readonly (as enabled, stated).
    private static bool AddRecursion(string option, string text, Dictionary<string, string?> pairs, MountOptionSet options)
    {
        if (pairs.TryGetValue("bind-nonrecursive", out string? flat) && OptionValue.Flag(option, text, "bind-nonrecursive", flat))
        {
            options.TryAdd("bind");
        }

        if (!pairs.TryGetValue("bind-recursive", out string? recursive))
        {
            return true;
        }

        switch (recursive)
        {
            case "enabled" or "true" or "1":
                options.TryAdd("rbind");
                return true;
            case "disabled" or "false" or "0":
                options.TryAdd("bind");
                return true;
            case "writable":
                options.TryAdd("rbind");
                return false;
            case "readonly" when options.ReadOnly:
                options.TryAdd("rbind");
                return true;
            case "readonly":
                throw OptionValue.Wrong(option, text, "bind-recursive=readonly needs a mount that is read-only", "add readonly");
            default:
                throw OptionValue.Wrong(option, text, $"\"{recursive}\" is no value of bind-recursive", "enabled disabled writable or readonly");
        }
    }

    private static TmpfsSpec TmpfsOf(string option, string text, string target, Dictionary<string, string?> pairs)
    {
        Refuse(option, text, pairs, "tmpfs", "source", "bind-propagation", "bind-recursive", "bind-nonrecursive", "chown", "relabel");
        List<string> words = [];
        if (pairs.TryGetValue("readonly", out string? readOnly) && OptionValue.Flag(option, text, "readonly", readOnly))
        {
            words.Add("ro");
        }

        AddRestrictions(option, text, pairs, word => { words.Add(word); return true; });
        if (pairs.TryGetValue("tmpfs-size", out string? size))
        {
            // Docker's units reach further than the kernel's, so the kernel is given bytes.
            words.Add(size is [.., '%'] ? $"size={size}" : MemorySize.TryParse(size, out long bytes) ? $"size={bytes}" : throw OptionValue.Wrong(option, text, $"tmpfs-size is an amount such as 64m, not \"{size}\""));
        }

        if (pairs.TryGetValue("tmpfs-mode", out string? mode))
        {
            words.Add($"mode={mode}");
        }

        return TmpfsSpec.Create(option, text, target, words) with { IdMap = pairs.TryGetValue("idmap", out string? map) ? VolumeIdMap.Parse(option, text, map) : null };
    }

    private static void AddAccess(string option, string text, Dictionary<string, string?> pairs, MountOptionSet options)
    {
        if (pairs.TryGetValue("readonly", out string? readOnly))
        {
            options.TryAdd(OptionValue.Flag(option, text, "readonly", readOnly) ? "ro" : "rw");
        }

        if (pairs.TryGetValue("rw", out string? writable))
        {
            options.TryAdd(OptionValue.Flag(option, text, "rw", writable) ? "rw" : "ro");
        }
    }

    private static void AddRestrictions(string option, string text, Dictionary<string, string?> pairs, Func<string, bool> add)
    {
        foreach (string word in (ReadOnlySpan<string>)["suid", "nosuid", "dev", "nodev", "exec", "noexec"])
        {
            if (pairs.TryGetValue(word, out string? value) && OptionValue.Flag(option, text, word, value))
            {
                add(word);
            }
        }
    }

    private static void Refuse(string option, string text, Dictionary<string, string?> pairs, string type, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (pairs.ContainsKey(key))
            {
                throw OptionValue.Wrong(option, text, $"{key} has no meaning for a mount of type {type}", $"leave {key} out");
            }
        }
    }
}
