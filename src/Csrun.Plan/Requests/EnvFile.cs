namespace Csrun.Plan.Requests;

/// <summary>The variables of one <c>--env-file</c>, in Docker's format.</summary>
/// <remarks>One <c>KEY=VALUE</c> a line, taken as it stands: no quotes, no escapes. <c>KEY</c> alone takes the caller's
/// value and is left out when the caller has none. Lines that start with <c>#</c> and empty lines do not count.</remarks>
public static class EnvFile
{
    /// <summary>Reads the content of a file.</summary>
    /// <param name="content">The file's text.</param>
    /// <param name="path">The file's name, for messages.</param>
    /// <param name="caller">Looks up a variable of the caller.</param>
    /// <returns>Entries KEY=VALUE in the order of the file.</returns>
    /// <exception cref="Csrun.Linux.CsrunException">A line has no name, or a name that cannot be one.</exception>
    public static IReadOnlyList<string> Parse(string content, string path, Func<string, string?> caller)
    {
        List<string> entries = [];
        int number = 0;
        foreach (string raw in content.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            string line = raw.TrimEnd('\r').TrimStart();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            (string key, string? value) = OptionValue.KeyValue(line);
            EnvEntry.CheckName($"--env-file \"{path}\", line {number}", key, line);
            if (line.Contains('\0', StringComparison.Ordinal))
            {
                throw new Linux.CsrunException($"--env-file \"{path}\", line {number}", "the line contains a zero byte, which no variable can");
            }

            if (value is not null)
            {
                entries.Add(line);
            }
            else if (caller(key) is { } own)
            {
                entries.Add($"{key}={own}");
            }
        }

        return entries;
    }
}
