using Csrun.Linux;

namespace Csrun.Commands;

/// <summary>Splits argv where the options of csrun end, before System.CommandLine sees it, and writes each option in one canonical form.</summary>
/// <remarks>
/// System.CommandLine looks for options everywhere; csrun's contract is that everything after IMAGE belongs to the
/// command, whatever it looks like. The scan knows from the same option objects which of them take a value, so both
/// agree on where IMAGE is. What it hands on is long names and values: <c>-it</c>, <c>-eA=B</c>, <c>-v=SRC:DST</c> and
/// <c>--name=NAME</c> are taken apart by then.
/// </remarks>
internal sealed class ArgvScan
{
    private readonly Verb _verb;
    private readonly Dictionary<string, CliOption> _known = new(StringComparer.Ordinal);
    private readonly List<FoundOption> _options = [];
    private readonly List<string> _words = [];

    private ArgvScan(Verb verb)
    {
        _verb = verb;
        foreach (OptionGroup group in verb.Groups)
        {
            foreach (CliOption option in group.Options)
            {
                _known[option.Name] = option;
                foreach (string alias in option.Aliases)
                {
                    _known[alias] = option;
                }
            }
        }
    }

    /// <summary>The options in their order; of a repeated option that counts once, the last.</summary>
    internal IReadOnlyList<FoundOption> Options => _options;

    /// <summary>The words that are no options: IMAGE and everything after it, untouched, or the verb's operands.</summary>
    internal IReadOnlyList<string> Words => _words;

    /// <summary>Whether <c>--help</c> was among the options.</summary>
    internal bool Help { get; private set; }

    /// <summary>Scans the words that follow the verb.</summary>
    /// <exception cref="CsrunException">An option is unknown, is not in this version, or lacks its value.</exception>
    internal static ArgvScan Scan(Verb verb, ReadOnlySpan<string> args)
    {
        ArgvScan scan = new(verb);
        for (int i = 0; i < args.Length && !scan.Help; i++)
        {
            string word = args[i];
            if (word == "--")
            {
                scan._words.AddRange(args[(i + 1)..]);
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                scan.Long(word, args, ref i);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                scan.Cluster(word, args, ref i);
            }
            else if (word.Length != 0 && word[0] is '\u2012' or '\u2013' or '\u2014' or '\u2212')
            {
                throw verb.Wrong($"\"{word}\" starts with a long dash", "the text was pasted from a page that turns -- into a dash", $"type it as {(word.Length == 2 ? "-" : "--")}{word[1..]}");
            }
            else if (verb.OptionsEndAtFirstWord)
            {
                scan._words.AddRange(args[i..]);
                break;
            }
            else
            {
                scan._words.Add(word);
            }
        }

        return scan;
    }

    private void Long(string word, ReadOnlySpan<string> args, ref int i)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word : word[..equals];
        string? value = equals < 0 ? null : word[(equals + 1)..];
        if (!_known.TryGetValue(name, out CliOption? option))
        {
            throw Unknown(name, word);
        }

        if (option.Kind is OptionKind.Value or OptionKind.List)
        {
            value ??= Next(option, name, args, ref i);
        }

        Take(option, name, value);
    }

    // -it, -itv SRC:DST, -vSRC:DST, -v=SRC:DST: flags until an option that takes the rest, or else the next word.
    private void Cluster(string word, ReadOnlySpan<string> args, ref int i)
    {
        for (int at = 1; at < word.Length; at++)
        {
            string name = "-" + word[at];
            if (!_known.TryGetValue(name, out CliOption? option))
            {
                throw Unknown(name, word);
            }

            string rest = word[(at + 1)..];
            if (option.Kind is OptionKind.Flag or OptionKind.Optional && !rest.StartsWith('='))
            {
                Take(option, name, null);
                continue;
            }

            if (rest.StartsWith('='))
            {
                rest = rest[1..];
            }
            else if (rest.Length == 0 && name == "-h" && i == args.Length - 1)
            {
                // No IMAGE can follow any more, so this -h is not the host name's: somebody asks for help.
                Help = true;
                return;
            }
            else if (rest.Length == 0)
            {
                rest = Next(option, name, args, ref i);
            }

            Take(option, name, rest);
            return;
        }
    }

    private void Take(CliOption option, string typed, string? value)
    {
        if (option.Name == "--help")
        {
            Help = true;
            return;
        }

        if (option.Kind != OptionKind.List)
        {
            _options.RemoveAll(earlier => earlier.Name == option.Name);
        }

        if (option.Kind != OptionKind.Flag)
        {
            _options.Add(new FoundOption(option.Name, value));
        }
        else if (value is null or "true" or "1")
        {
            _options.Add(new FoundOption(option.Name, null));
        }
        else if (value is not ("false" or "0"))
        {
            throw _verb.Wrong($"{typed}={value}", $"{typed} is switched on or off: true or false", $"{typed}, or leave it out");
        }
    }

    private string Next(CliOption option, string typed, ReadOnlySpan<string> args, ref int i) => ++i < args.Length
        ? args[i]
        : throw _verb.Wrong($"{typed} without its value", $"{typed} takes {option.HelpName}: {option.Description}", $"{typed} {option.HelpName}");

    private CsrunException Unknown(string name, string word)
    {
        foreach (LaterOption later in _verb.LaterOptions)
        {
            if (later.Name == name)
            {
                return new CsrunException($"{name} is not in this version yet", later.Why, later.Fix);
            }
        }

        List<string> names = [];
        foreach (string known in _known.Keys)
        {
            if (known.StartsWith("--", StringComparison.Ordinal))
            {
                names.Add(known[2..]);
            }
        }

        // "-rm" is meant as "--rm" far more often than as -r and -m.
        string meant = word.TrimStart('-');
        int equals = meant.IndexOf('=', StringComparison.Ordinal);
        IReadOnlyList<string> close = name.Length > 2 || word.Length > 3 || _known.ContainsKey("--" + meant) ? CloseNames.Of(equals < 0 ? meant : meant[..equals], names) : [];
        return _verb.Wrong(
            $"unknown option {name}{(name.Length == 2 && word.Length > 2 ? $" in {word}" : "")}",
            close.Count == 0 ? $"csrun {_verb.Name} has no such option" : $"csrun {_verb.Name} has no such option; close to it: --{string.Join(", --", close)}",
            $"csrun {_verb.Name} --help");
    }
}
