using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;
using OciArg = Csrun.Oci.SeccompArg;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>Turns the words of a profile into its neutral form, collecting what is wrong with them.</summary>
/// <param name="hasListener">Whether somebody is told of the calls that SCMP_ACT_NOTIFY is about.</param>
internal sealed class SeccompConverter(bool hasListener = false)
{
    /// <summary>The kernel's MAX_ERRNO: a filter's errno is cut to it.</summary>
    private const uint ErrnoLimit = 4095;

    private readonly List<ConfigMistake> _mistakes = [];

    internal IReadOnlyList<ConfigMistake> Mistakes => _mistakes;

    internal void Mistake(string path, string problem, string? fix = null)
    {
        // A hostile file may have a million.
        if (_mistakes.Count < 1000)
        {
            _mistakes.Add(new ConfigMistake(path, problem, fix));
        }
    }

    /// <summary>Something that is absent, unless that is the consequence of a wrong type just told.</summary>
    private void Missing(string path, string problem, string? fix = null)
    {
        if (_mistakes.Count == 0 || !_mistakes[^1].JsonPath.StartsWith(path, StringComparison.Ordinal))
        {
            Mistake(path, problem, fix);
        }
    }

    internal ScmpAct Action(string path, string word)
    {
        if (word == SeccompWords.Notify && !hasListener)
        {
            Mistake(path, "SCMP_ACT_NOTIFY needs a listener, which only linux.seccomp of a configuration can name",
                "give these calls SCMP_ACT_ALLOW or SCMP_ACT_ERRNO, or write the profile into a configuration with linux.seccomp.listenerPath");
            return default;
        }

        return Word(path, word, SeccompWords.Actions, "a seccomp action");
    }

    internal T Word<T>(string path, string word, IReadOnlyDictionary<string, T> known, string what)
        where T : struct
    {
        if (known.TryGetValue(word, out T value))
        {
            return value;
        }

        if (word.Length == 0)
        {
            Missing(path, "missing, but required", known.Count <= 10 ? $"one of {string.Join(", ", known.Keys)}" : null);
        }
        else
        {
            Mistake(path, $"{Quote(word)} is not {what}", SeccompWords.Suggest(word, known));
        }

        return default;
    }

    /// <summary>The number beside an action; EPERM when there is none, as in runc.</summary>
    internal ushort ErrnoRet(string path, uint? errno, ScmpAct action)
    {
        uint limit = action == ScmpAct.SCMP_ACT_ERRNO ? ErrnoLimit : ushort.MaxValue;
        if (errno > limit)
        {
            Mistake(path, $"{errno} is above {limit}, the largest the kernel returns");
        }

        return (ushort)(errno ?? (uint)Errno.EPERM);
    }

    internal ImmutableArray<ScmpArch> Architectures(string path, IReadOnlyList<string> words)
    {
        ImmutableArray<ScmpArch>.Builder archs = ImmutableArray.CreateBuilder<ScmpArch>();
        for (int i = 0; i < words.Count; i++)
        {
            archs.Add(Word($"{path}[{i}]", words[i], SeccompWords.Architectures, "a seccomp architecture"));
        }

        return archs.DrainToImmutable();
    }

    internal SeccompFilterFlags Flags(string path, IReadOnlyList<string> words)
    {
        SeccompFilterFlags flags = SeccompFilterFlags.None;
        for (int i = 0; i < words.Count; i++)
        {
            flags |= Word($"{path}[{i}]", words[i], SeccompWords.Flags, "a seccomp flag");
        }

        return hasListener ? flags : flags & ~SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
    }

    internal SeccompRule Rule(string path, SeccompSyscall rule)
    {
        if (rule.Names.Count == 0)
        {
            Missing($"{path}.names", "empty: a rule names at least one system call");
        }

        for (int i = 0; i < rule.Names.Count; i++)
        {
            if (!IsPlausible(rule.Names[i]))
            {
                Mistake($"{path}.names[{i}]", $"{Quote(rule.Names[i])} cannot be a system call's name", "a name is of small letters, digits and _");
            }
        }

        ScmpAct action = Action($"{path}.action", rule.Action);
        ImmutableArray<Linux.Seccomp.SeccompArg>.Builder args = ImmutableArray.CreateBuilder<Linux.Seccomp.SeccompArg>();
        for (int i = 0; i < rule.Args.Count; i++)
        {
            OciArg arg = rule.Args[i];
            if (arg.Index > 5)
            {
                Mistake($"{path}.args[{i}].index", $"must be from 0 to 5, not {arg.Index}: system calls have six arguments");
            }

            ScmpCompare op = Word($"{path}.args[{i}].op", arg.Op, SeccompWords.Operators, "a seccomp operator");
            args.Add(new Linux.Seccomp.SeccompArg(arg.Index, arg.Value, arg.ValueTwo, op));
        }

        return new SeccompRule([.. rule.Names], action, ErrnoRet($"{path}.errnoRet", rule.ErrnoRet, action), args.DrainToImmutable());
    }

    /// <summary>A text from the file, made harmless for a terminal.</summary>
    internal static string Quote(string text)
    {
        string cut = text.Length > 80 ? $"{text.AsSpan(0, 80)}..." : text;
        return $"\"{string.Create(cut.Length, cut, static (to, from) =>
        {
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) ? '?' : from[i];
            }
        })}\"";
    }

    private static bool IsPlausible(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '_')
            {
                return false;
            }
        }

        return name.Length is > 0 and <= 64;
    }
}
