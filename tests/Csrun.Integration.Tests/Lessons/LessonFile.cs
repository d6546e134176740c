namespace Csrun.Integration.Tests.Lessons;

/// <summary>A lesson in Markdown, whose fenced blocks of the language <c>console</c> are what a reader types and sees.</summary>
/// <remarks>
/// A line that begins with <c>$ </c> is typed (<c># </c> in a block with the word <c>root</c>), lines that begin with <c>&gt; </c> right
/// after it go on with it; the others are output. Words after <c>console</c>: <c>root</c>, <c>with-root</c>, <c>nosub</c> (the user without
/// subordinate IDs), <c>terminal=NAME</c>, <c>volatile</c>, <c>exit=CODE</c> (of the last command).
/// docs/lessons/README.md has it for writers.
/// </remarks>
internal sealed class LessonFile
{
    private const string Fence = "```";

    private readonly string _path;
    private readonly string[] _lines;

    internal LessonFile(string path)
    {
        _path = path;
        _lines = File.ReadAllLines(path);
        Commands = Parse();
    }

    /// <summary>Its commands, in the order in which they are typed.</summary>
    internal IReadOnlyList<LessonCommand> Commands { get; }

    /// <summary>The file as it is.</summary>
    internal string Text => string.Join('\n', _lines);

    /// <summary>Where a command stands, for messages.</summary>
    internal string Place(LessonCommand command) => $"{Path.GetFileName(_path)}:{command.First - command.Typed.Split('\n').Length + 1}";

    /// <summary>The file with other outputs below some commands.</summary>
    internal void Write(IReadOnlyDictionary<LessonCommand, IReadOnlyList<string>> outputs)
    {
        List<string> text = [];
        int at = 0;
        foreach (LessonCommand command in Commands)
        {
            text.AddRange(_lines[at..command.First]);
            text.AddRange(outputs.GetValueOrDefault(command, command.Output));
            at = command.First + command.Output.Count;
        }

        text.AddRange(_lines[at..]);
        File.WriteAllText(_path, string.Join('\n', text) + "\n");
    }

    private List<LessonCommand> Parse()
    {
        List<LessonCommand> commands = [];
        string section = "";
        for (int i = 0; i < _lines.Length; i++)
        {
            if (_lines[i].StartsWith("### ", StringComparison.Ordinal))
            {
                section = _lines[i][4..];
            }

            if (!_lines[i].StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            string[] words = _lines[i][Fence.Length..].Split(' ');
            int end = Array.IndexOf(_lines, Fence, i + 1);
            Assert.True(end > i, $"{_path}:{i + 1}: the block has no end");
            if (words[0] == "console")
            {
                Block(commands, section, words, i + 1, end);
            }

            i = end;
        }

        return commands;
    }

    private void Block(List<LessonCommand> commands, string section, string[] words, int from, int end)
    {
        bool root = words.Contains("root"), nosub = words.Contains("nosub");
        string prompt = root ? "# " : "$ ";
        Assert.True(_lines[from].StartsWith(prompt, StringComparison.Ordinal), $"{_path}:{from + 1}: a block begins with a command after \"{prompt}\"");
        for (int i = from; i < end;)
        {
            string typed = _lines[i++][2..];
            while (i < end && _lines[i].StartsWith("> ", StringComparison.Ordinal))
            {
                typed += "\n" + _lines[i++][2..];
            }

            int first = i;
            while (i < end && !_lines[i].StartsWith(prompt, StringComparison.Ordinal))
            {
                i++;
            }

            commands.Add(new LessonCommand(root ? "root" : nosub ? "nosub" : Value(words, "terminal") ?? "1", typed, first, _lines[first..i])
            {
                Section = section,
                Volatile = words.Contains("volatile"),
                NeedsRoot = root || nosub || words.Contains("with-root"),
                ExitCode = i == end && Value(words, "exit") is { } code ? int.Parse(code, System.Globalization.CultureInfo.InvariantCulture) : null,
            });
        }
    }

    private static string? Value(string[] words, string name) =>
        words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];
}
