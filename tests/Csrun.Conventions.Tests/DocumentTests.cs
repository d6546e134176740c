using System.Text.RegularExpressions;

namespace Csrun.Conventions.Tests;

/// <summary>The documents: links that lead somewhere, and the files that newcomers look for.</summary>
public sealed partial class DocumentTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("PRINCIPLES.md")]
    [InlineData("SECURITY.md")]
    [InlineData("LICENSE")]
    [InlineData("Makefile")]
    [InlineData("config.example.json")]
    [InlineData("docs/adr/0001-launch-plan.md")]
    public void A_newcomers_file_is_there(string file) => Assert.True(File.Exists(Path.Combine(Repository.Root, file)), file + " is missing");

    [Fact]
    public void Links_between_documents_resolve()
    {
        List<string> offences = [];
        foreach (string file in Documents())
        {
            foreach (Match match in Link().Matches(CodeBlock().Replace(File.ReadAllText(file), "")))
            {
                string target = match.Groups["target"].Value;
                if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal))
                {
                    continue;
                }

                string[] parts = target.Split('#', 2);
                string path = parts[0].Length == 0 ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, Uri.UnescapeDataString(parts[0])));
                if (!File.Exists(path) && !Directory.Exists(path))
                {
                    offences.Add($"{Repository.Relative(file)}: {target}: no such file");
                }
                else if (parts.Length == 2 && path.EndsWith(".md", StringComparison.Ordinal) && !Anchors(path).Contains(parts[1]))
                {
                    offences.Add($"{Repository.Relative(file)}: {target}: no such heading");
                }
            }
        }

        Repository.AssertNone(offences, "links between documents resolve");
    }

    [Fact]
    public void The_principles_are_at_most_15_lines() =>
        Assert.InRange(File.ReadLines(Path.Combine(Repository.Root, "PRINCIPLES.md")).Count(), 1, 15);

    [Fact]
    public void The_changelog_has_an_unreleased_section() =>
        Assert.Contains("## [Unreleased]", File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")), StringComparison.Ordinal);

    [Fact]
    public void Nothing_binary_or_big_is_committed_beside_the_source() => Repository.AssertNone(
        ((string[])["src", "tests", "images", "scripts", "bench", "docs"]).SelectMany(directory => Repository.Files(directory, ""))
            .Where(file => !file.Contains("/bench/out/", StringComparison.Ordinal) && !file.Contains("/images/cache/", StringComparison.Ordinal))
            .Where(file => new FileInfo(file).Length > 512 * 1024).Select(Repository.Relative),
        "files over 512 KiB do not belong in the repository");

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", ".md")).Concat(Repository.Files("images", ".md"))
            .Concat(Repository.Files("bench", ".md"));

    // A heading's anchor as forges make it: lower case, punctuation dropped, spaces to hyphens.
    private static HashSet<string> Anchors(string file) =>
    [
        .. File.ReadLines(file).Where(line => line.StartsWith('#')).Select(line =>
            NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"(?<!\\)\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
