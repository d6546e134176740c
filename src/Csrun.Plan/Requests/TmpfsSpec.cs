using System.Collections.Immutable;

namespace Csrun.Plan.Requests;

/// <summary>A file system in memory that ends with the container: <c>--tmpfs /run[:rw,size=64m,mode=1777]</c>.</summary>
/// <param name="Destination">The path in the container.</param>
/// <param name="Options">Mount options in the runtime-spec's spelling; <c>nosuid</c>, <c>nodev</c> and <c>noexec</c> as in Docker unless their opposite was asked for.</param>
/// <remarks>tmpfs(5).</remarks>
public sealed record TmpfsSpec(string Destination, ImmutableArray<string> Options)
{
    /// <summary>The ID map asked for with <c>--mount type=tmpfs,...,idmap</c>, or null; the first IDs are those that the file system stores.</summary>
    public VolumeIdMap? IdMap { get; init; }

    private static readonly string[] s_words = ["ro", "rw", "suid", "nosuid", "dev", "nodev", "exec", "noexec", "sync", "async", "atime", "noatime", "relatime", "norelatime", "strictatime", "diratime", "nodiratime"];
    private static readonly string[] s_keys = ["size", "mode", "nr_inodes", "nr_blocks", "uid", "gid"];

    /// <summary>Reads <c>DST[:OPTIONS]</c>.</summary>
    /// <param name="text">The value.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="Csrun.Linux.CsrunException">The value is not understood or not possible.</exception>
    public static TmpfsSpec Parse(string text, string option = "--tmpfs")
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string destination = ContainerPath.Parse(option, text, colon < 0 ? text : text[..colon]);
        return colon >= 0 && colon == text.Length - 1
            ? throw OptionValue.Wrong(option, text, "no options follow the colon", $"{option} {text[..colon]}")
            : Create(option, text, destination, colon < 0 ? [] : text[(colon + 1)..].Split(','));
    }

    internal static TmpfsSpec Create(string option, string whole, string destination, IReadOnlyList<string> words)
    {
        List<string> options = ["nosuid", "nodev", "noexec"];
        foreach (string word in words)
        {
            (string key, string? value) = OptionValue.KeyValue(word);
            if (value is null && Array.IndexOf(s_words, word) >= 0)
            {
                // The later of two opposites counts, as in Docker: --tmpfs /run:exec lifts the default.
                options.RemoveAll(o => o == word || o == "no" + word || word == "no" + o || (o is "ro" or "rw" && word is "ro" or "rw") || (o is "sync" or "async" && word is "sync" or "async"));
                options.Add(word);
            }
            else if (value is not null && Array.IndexOf(s_keys, key) >= 0)
            {
                CheckValue(option, whole, key, value);
                options.RemoveAll(o => o.StartsWith(key + "=", StringComparison.Ordinal));
                options.Add(word);
            }
            else
            {
                throw OptionValue.Wrong(option, whole, $"\"{word}\" is no option of a tmpfs{Closest.Clause(key, [.. s_words, .. s_keys])}", $"the options are {string.Join(' ', s_words)} {string.Join("= ", s_keys)}=");
            }
        }

        return new TmpfsSpec(destination, [.. options]);
    }

    private static void CheckValue(string option, string whole, string key, string value)
    {
        bool right = key switch
        {
            // The kernel takes k, m, g and a percentage of the memory.
            "size" => value is [.. var percent, '%'] ? OptionValue.TryUnsigned(percent, out ulong share) && share is > 0 and <= 100 : KernelSize(value),
            "mode" => OptionValue.TryMode(value, out _),
            "uid" or "gid" => OptionValue.TryUnsigned(value, out ulong id) && id < uint.MaxValue,
            _ => KernelSize(value),
        };
        if (!right)
        {
            throw OptionValue.Wrong(option, whole, key switch
            {
                "mode" => $"mode is up to four octal digits, not \"{value}\"",
                "uid" or "gid" => $"{key} is a number up to 4294967294, not \"{value}\"",
                "size" => $"size is a number with k, m, g or %, not \"{value}\"",
                _ => $"{key} is a number with k, m or g, not \"{value}\"",
            }, key switch { "mode" => "mode=1777", "uid" or "gid" => $"{key}=0", _ => $"{key}=64m" });
        }
    }

    private static bool KernelSize(string value) =>
        value.Length != 0 && OptionValue.TryUnsigned(value[^1] is 'k' or 'K' or 'm' or 'M' or 'g' or 'G' ? value.AsSpan(0, value.Length - 1) : value, out ulong number) && number <= long.MaxValue >> 30;
}
