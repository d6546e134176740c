using System.Collections.Immutable;
using Csrun.Linux;

namespace Csrun.Plan.Requests;

/// <summary>A host directory or file in the container: <c>-v SRC:DST[:OPTS]</c> or <c>--mount type=bind,...</c>.</summary>
public sealed record VolumeSpec
{
    private static readonly string[] s_words = ["ro", "rw", "rbind", "bind", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "private", "rprivate", "slave", "rslave", "shared", "rshared", "z", "Z", "U", "idmap"];

    /// <summary>The host path as it was written; relative ones count from the caller's working directory.</summary>
    public required string Source { get; init; }

    /// <summary>The path in the container: absolute, without <c>..</c>, never the root.</summary>
    public required string Destination { get; init; }

    /// <summary>Mount options in the runtime-spec's spelling; <c>rbind</c> and <c>rprivate</c> unless something else was asked for.</summary>
    public required ImmutableArray<string> Options { get; init; }

    /// <summary>Whether the volume is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Whether the owner of the volume is to be changed to the container's user (<c>U</c>).</summary>
    public bool Chown { get; init; }

    /// <summary>The ID map asked for with <c>idmap</c>, or null.</summary>
    public VolumeIdMap? IdMap { get; init; }

    /// <summary><c>z</c> (shared label), <c>Z</c> (private label), or null: whether a new SELinux label was asked for.</summary>
    public char? Relabel { get; init; }

    /// <summary>What to tell the user about <see cref="Relabel"/>, or null. Without SELinux the option has nothing to do, as in Docker.</summary>
    /// <param name="selinuxEnabled">Whether the host's kernel has SELinux active.</param>
    public string? SelinuxNote(bool selinuxEnabled) => Relabel is { } letter && selinuxEnabled
        ? $"volume \"{Destination}\": option {letter} is accepted, but csrun changes no SELinux labels; if the container is denied access, run: chcon -Rt container_file_t \"{Source}\""
        : null;

    /// <summary>The source as an absolute path.</summary>
    /// <param name="workingDirectory">The caller's working directory. <c>..</c> is left to the kernel, which knows the links.</param>
    public string SourceFrom(string workingDirectory) =>
        Source[0] == '/' ? Source
        : Source == "." ? workingDirectory
        : Source.StartsWith("./", StringComparison.Ordinal) ? Join(workingDirectory, Source[2..])
        : Join(workingDirectory, Source);

    /// <summary>Reads <c>SRC:DST[:OPTS]</c>.</summary>
    /// <param name="text">The value.</param>
    /// <param name="option">The option as it was typed, for messages.</param>
    /// <exception cref="CsrunException">The value is not understood or not possible.</exception>
    public static VolumeSpec Parse(string text, string option = "-v")
    {
        string[] parts = text.Split(':');
        if (parts.Length == 1)
        {
            throw text.StartsWith('/')
                ? OptionValue.Later(option, text, "one path alone asks for an anonymous volume; so far a volume is a directory of the host", $"{option} HOST_DIRECTORY:{text}, or --tmpfs {text} for files that end with the container")
                : OptionValue.Wrong(option, text, "a volume is SRC:DST[:OPTIONS], and there is no colon in this one", $"{option} {text}:/PATH/IN/CONTAINER");
        }

        if (parts.Length > 3)
        {
            throw OptionValue.Wrong(option, text, "a volume is SRC:DST[:OPTIONS], and this one has more than two colons", "for a path with a colon in it: --mount type=bind,source=SRC,target=DST");
        }

        CheckSource(option, text, parts[0]);
        string destination = ContainerPath.Parse(option, text, parts[1]);
        return parts.Length == 3 && parts[2].Length == 0
            ? throw OptionValue.Wrong(option, text, "no options follow the second colon", $"{option} {parts[0]}:{parts[1]}")
            : WithOptions(option, text, parts[0], destination, parts.Length == 3 ? parts[2].Split(',') : []);
    }

    private static VolumeSpec WithOptions(string option, string text, string source, string destination, string[] words)
    {
        MountOptionSet options = new(option, text);
        bool chown = false;
        char? relabel = null;
        VolumeIdMap? idMap = null;
        foreach (string word in words)
        {
            if (options.TryAdd(word))
            {
                continue;
            }

            switch (word)
            {
                case "z" or "Z" when relabel is null || relabel == word[0]:
                    relabel = word[0];
                    break;
                case "z" or "Z":
                    throw OptionValue.Wrong(option, text, "z and Z contradict each other", "keep one of the two");
                case "U":
                    chown = true;
                    break;
                case "idmap" or ['i', 'd', 'm', 'a', 'p', '=', ..]:
                    idMap = VolumeIdMap.Parse(option, text, OptionValue.KeyValue(word).Value);
                    break;
                case "O" or "copy" or "nocopy" or "cached" or "delegated" or "consistent":
                    throw OptionValue.Later(option, text, word == "O" ? "the volume option O (a layer that takes the changes) comes with a later version" : $"the volume option {word} belongs to named volumes or to other systems; for a directory of the host it has no meaning", $"leave {word} out");
                default:
                    throw OptionValue.Wrong(option, text, $"\"{word}\" is no volume option{Closest.Clause(word, s_words)}", $"the options are {string.Join(' ', s_words)}");
            }
        }

        if (chown && idMap is not null)
        {
            throw OptionValue.Wrong(option, text, "U changes the owners on disk and idmap translates them: together the owners would be translated twice", "keep one of the two");
        }

        return new VolumeSpec
        {
            Source = source,
            Destination = destination,
            Options = options.ForBind(readOnlyBelow: true),
            ReadOnly = options.ReadOnly,
            Chown = chown,
            Relabel = relabel,
            IdMap = idMap,
        };
    }

    /// <summary>A source is a host path; a bare word is the name of a volume, which there are none of yet.</summary>
    internal static void CheckSource(string option, string whole, string source)
    {
        if (source.Length == 0)
        {
            throw OptionValue.Wrong(option, whole, "the source is missing", "name a directory or file of the host");
        }

        if (source[0] == '/' || source is "." or ".." || source.StartsWith("./", StringComparison.Ordinal) || source.StartsWith("../", StringComparison.Ordinal))
        {
            return;
        }

        if (source[0] == '~')
        {
            throw OptionValue.Wrong(option, whole, "the shell did not replace the ~, because it stands inside a word", $"\"$HOME{source[1..]}\" in its place");
        }

        if (source.Contains('/', StringComparison.Ordinal))
        {
            throw OptionValue.Wrong(option, whole, $"\"{source}\" is neither the name of a volume (it has a slash) nor a path that starts with / or ./", $"write \"./{source}\"");
        }

        throw OptionValue.Later(option, whole, $"\"{source}\" without a slash is the name of a volume, and named volumes come with a later version", $"for the directory of that name here: \"./{source}\"");
    }

    private static string Join(string directory, string rest) => directory.EndsWith('/') ? directory + rest : $"{directory}/{rest}";
}
