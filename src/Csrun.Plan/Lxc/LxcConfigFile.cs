namespace Csrun.Plan.Lxc;

/// <summary>Reads LXC's configuration format: lines of <c>key = value</c>, comments after #, includes.</summary>
/// <remarks>lxc.container.conf(5).</remarks>
public sealed class LxcConfigFile
{
    private const int DeepestInclude = 16;

    private readonly Func<string, IReadOnlyList<(string File, string? Text)>?> _include;
    private readonly List<LxcLine> _lines = [];
    private int _order;

    private LxcConfigFile(Func<string, IReadOnlyList<(string File, string? Text)>?> include) => _include = include;

    /// <summary>The settings in their order, those of included files at the place of the include.</summary>
    public IReadOnlyList<LxcLine> Lines => _lines;

    /// <summary>Lines that are no settings.</summary>
    public List<LxcMistake> Mistakes { get; } = [];

    /// <summary>Includes that could not be followed.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Reads a configuration.</summary>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="include">Reads what lxc.include names: one file, or those of a directory in their order; null where there is nothing, a null text where it cannot be read.</param>
    public static LxcConfigFile Read(string file, string text, Func<string, IReadOnlyList<(string File, string? Text)>?> include)
    {
        LxcConfigFile config = new(include);
        config.Add(file, text, 0);
        return config;
    }

    private void Add(string file, string text, int depth)
    {
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            _order++;
            string line = raw.Trim([' ', '\t', '\r']);
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? line : line[..equals].TrimEnd();
            if (equals <= 0 || key.Contains(' ', StringComparison.Ordinal) || key.Any(char.IsControl))
            {
                Mistakes.Add(new LxcMistake(_order, $"{file}:{number}: \"{Shown(line)}\" is no setting: key = value"));
                continue;
            }

            string value = Unquoted(line[(equals + 1)..].Trim());
            if (value.Contains('\0', StringComparison.Ordinal))
            {
                Mistakes.Add(new LxcMistake(_order, $"{file}:{number}: {key}: the value contains a zero character"));
            }
            else if (key == "lxc.include")
            {
                Include(new LxcLine(file, number, key, value, _order), depth);
            }
            else
            {
                _lines.Add(new LxcLine(file, number, key, value, _order));
            }
        }
    }

    private void Include(LxcLine line, int depth)
    {
        if (line.Value.Length == 0)
        {
            Mistakes.Add(new LxcMistake(line.Order, $"{line.Place}: lxc.include names no file"));
        }
        else if (depth == DeepestInclude)
        {
            Mistakes.Add(new LxcMistake(line.Order, $"{line.Place}: lxc.include: more than {DeepestInclude} files include one another"));
        }
        else if (_include(line.Value) is not { } files)
        {
            LeftOut.Add($"{line}: the file is not there");
        }
        else
        {
            foreach ((string file, string? text) in files)
            {
                if (text is null)
                {
                    LeftOut.Add($"{line}: \"{file}\" cannot be read");
                }
                else
                {
                    Add(file, text, depth + 1);
                }
            }
        }
    }

    // LXC takes one pair of quotes off a value.
    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] == value[^1] && value[0] is '"' or '\'' ? value[1..^1] : value;

    private static string Shown(string line) => line.Length > 60 ? line[..60] + "..." : line;
}
