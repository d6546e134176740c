using System.Text.RegularExpressions;

namespace Csrun.Conventions.Tests;

/// <summary>CONTRIBUTING.md's rules about source files.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 600;

    // Small records that are read together.
    private static readonly string[] s_families = ["src/Csrun.Plan/Ops/CsrunOps.cs"];

    [Fact]
    public void There_is_source_to_look_at() => Assert.True(Sources().Count() > 20);

    [Fact]
    public void No_file_is_longer_than_600_lines() => Repository.AssertNone(
        Repository.Files("src", ".cs").Concat(Repository.Files("tests", ".cs"))
            .Select(file => (File: file, Lines: File.ReadLines(file).Count()))
            .Where(entry => entry.Lines > MostLines)
            .Select(entry => $"{Repository.Relative(entry.File)}: {entry.Lines} lines"),
        "a file has one subject: split what is longer than 600 lines");

    [Fact]
    public void Unsafe_code_lives_in_Csrun_Linux_only() => Repository.AssertNone(
        Sources().Where(source => !source.Name.StartsWith("src/Csrun.Linux/", StringComparison.Ordinal) && UnsafeWord().IsMatch(source.Code))
            .Select(source => source.Name),
        "unsafe code lives in Csrun.Linux");

    [Fact]
    public void Only_Csrun_Linux_allows_unsafe_blocks() => Repository.AssertNone(
        Repository.Files("src", ".csproj")
            .Where(file => File.ReadAllText(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal))
            .Select(Repository.Relative).Where(name => name != "src/Csrun.Linux/Csrun.Linux.csproj"),
        "AllowUnsafeBlocks is for Csrun.Linux");

    [Fact]
    public void Every_file_with_unsafe_code_says_why_it_is_safe() => Repository.AssertNone(
        Sources().Where(source => UnsafeAct().IsMatch(source.Code) && !source.Text.Contains("SAFETY:", StringComparison.Ordinal))
            .Select(source => source.Name),
        "each unsafe block or method says why it is safe in a comment that starts with 'SAFETY:'");

    [Fact]
    public void Every_unsafe_block_has_its_own_reason()
    {
        List<string> offences = [];
        foreach ((string name, string text, _) in Sources())
        {
            string[] lines = text.Split('\n');
            for (int i = 0; i < lines.Length; i++)
            {
                if (UnsafeBlock().IsMatch(lines[i]) && !lines[Math.Max(0, i - 8)..Math.Min(lines.Length, i + 3)].Any(line => line.Contains("SAFETY:", StringComparison.Ordinal)))
                {
                    offences.Add($"{name}:{i + 1}");
                }
            }
        }

        Repository.AssertNone(offences, "an unsafe block has a SAFETY: comment just above or inside");
    }

    [Fact]
    public void No_type_is_a_Manager_Helper_or_Utils() => Repository.AssertNone(
        Sources().SelectMany(source => VagueType().Matches(source.Code).Select(match => $"{source.Name}: {match.Value}")),
        "names say what a type is");

    [Fact]
    public void No_file_is_a_Manager_Helper_or_Utils() => Repository.AssertNone(
        Repository.Files("src", ".cs").Where(file => VagueName().IsMatch(Path.GetFileNameWithoutExtension(file))).Select(Repository.Relative),
        "names say what a file is");

    [Fact]
    public void Nothing_is_left_open_in_the_source() => Repository.AssertNone(
        Sources().SelectMany(source => source.Text.Split('\n')
            .Select((line, index) => (line, index))
            .Where(entry => OpenEnd().IsMatch(entry.line))
            .Select(entry => $"{source.Name}:{entry.index + 1}: {entry.line.Trim()}")),
        "finish it, or file an issue");

    [Fact]
    public void No_test_is_switched_off() => Repository.AssertNone(
        Repository.Files("tests", ".cs").Where(file => SkippedTest().IsMatch(File.ReadAllText(file))).Select(Repository.Relative),
        "a test is skipped by what the machine lacks, never by hand");

    [Fact]
    public void Nothing_below_Csrun_uses_the_console() => Repository.AssertNone(
        Sources().Where(source => !source.Name.StartsWith("src/Csrun/", StringComparison.Ordinal) && ConsoleUse().IsMatch(source.Code))
            .Select(source => source.Name),
        "nothing below Csrun writes to the terminal");

    [Fact]
    public void Nothing_below_Csrun_starts_processes_through_the_framework() => Repository.AssertNone(
        Sources().Where(source => source.Code.Contains("System.Diagnostics.Process", StringComparison.Ordinal) || source.Code.Contains("Process.Start(", StringComparison.Ordinal))
            .Select(source => source.Name),
        "System.Diagnostics.Process starts threads and changes signal handlers: processes are cloned through Csrun.Linux");

    [Fact]
    public void A_file_is_named_after_a_type_in_it() => Repository.AssertNone(
        Sources().Where(source => !s_families.Contains(source.Name) && TypeName().Matches(source.Code) is { Count: > 0 } types
                && !types.Any(type => Fits(type.Groups["name"].Value, Path.GetFileNameWithoutExtension(source.Name))))
            .Select(source => source.Name),
        "one type per file, named after it; further parts as Type.Aspect.cs");

    // Type.Aspect.cs holds Type, or TypeAspect.
    private static bool Fits(string type, string file) => type == file.Split('.')[0] || type == file.Replace(".", "", StringComparison.Ordinal);

    private static IEnumerable<(string Name, string Text, string Code)> Sources() => Repository.Files("src", ".cs").Select(file =>
    {
        string text = File.ReadAllText(file);
        return (Repository.Relative(file), text, Comment().Replace(StringLiteral().Replace(text, "\"\""), ""));
    });

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex StringLiteral();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex UnsafeWord();

    // What needs a reason: pinning, casts to pointers, dereferences and addresses. The mere modifier on a partial class does not.
    [GeneratedRegex(@"\bfixed\s*\(|\(\w+\s?\*+\)|->|[=(,]\s*&\w|\w\*\s+\w+\s*=\s*stackalloc")]
    private static partial Regex UnsafeAct();

    [GeneratedRegex(@"^\s*unsafe\s*(\{|$)")]
    private static partial Regex UnsafeBlock();

    [GeneratedRegex(@"\b(?:class|struct|record|interface|enum)\s+\w*(?:Manager|Helper|Helpers|Utils|Util|Utilities)\b")]
    private static partial Regex VagueType();

    [GeneratedRegex(@"(?:Manager|Helpers?|Utils?|Utilities)(?:\.|$)")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\b(?:TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex OpenEnd();

    [GeneratedRegex(@"\[(?:Fact|Theory)\([^)]*\bSkip\s*=")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"\bConsole\s*\.\s*\w")]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypeName();
}
