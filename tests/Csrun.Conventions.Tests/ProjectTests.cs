using System.Xml.Linq;

namespace Csrun.Conventions.Tests;

/// <summary>The projects and their one-way dependencies.</summary>
public sealed class ProjectTests
{
    // Csrun → Runtime → Plan → {Oci, Linux} and Csrun → Images → {Oci, Linux}, Csrun → Labs → Linux: what each may reference.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Csrun.Linux"] = [],
        ["Csrun.Oci"] = ["Csrun.Linux"],
        ["Csrun.Plan"] = ["Csrun.Oci", "Csrun.Linux"],
        ["Csrun.Images"] = ["Csrun.Oci", "Csrun.Linux"],
        ["Csrun.Runtime"] = ["Csrun.Plan", "Csrun.Oci", "Csrun.Linux"],
        ["Csrun.Labs"] = ["Csrun.Linux"],
        ["Csrun"] = ["Csrun.Runtime", "Csrun.Images", "Csrun.Labs", "Csrun.Plan", "Csrun.Oci", "Csrun.Linux"],
    };

    public static TheoryData<string> SourceProjects => [.. Repository.Files("src", ".csproj").Select(Repository.Relative)];

    public static TheoryData<string> AllProjects =>
        [.. Repository.Files("src", ".csproj").Concat(Repository.Files("tests", ".csproj")).Select(Repository.Relative)];

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void Dependencies_go_one_way(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        Assert.True(s_allowed.TryGetValue(name, out string[]? allowed), $"{name} is not in the design: add it to this test with what it may reference");
        Repository.AssertNone(
            Include(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'))).Except(allowed),
            $"{name} may reference only {string.Join(", ", allowed)}");
    }

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Every_project_is_in_the_solution(string project) =>
        Assert.Contains(project, File.ReadAllText(Path.Combine(Repository.Root, "runtime.sln")).Replace('\\', '/'), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(AllProjects))]
    public void Versions_of_packages_are_central(string project) => Repository.AssertNone(
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference")
            .Where(reference => reference.Attribute("Version") is not null).Select(reference => reference.ToString()),
        "package versions belong in Directory.Packages.props");

    [Fact]
    public void The_integration_tests_drive_the_binary_only() =>
        Assert.Empty(Include("tests/Csrun.Integration.Tests/Csrun.Integration.Tests.csproj", "ProjectReference"));

    [Fact]
    public void Only_the_program_has_run_time_packages()
    {
        // What a library brings into the binary is decided in one place. Analyzers (PrivateAssets) stay out of it.
        Repository.AssertNone(
            Repository.Files("src", ".csproj").Select(Repository.Relative).Where(project => project != "src/Csrun/Csrun.csproj")
                .SelectMany(project => XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference")
                    .Where(reference => reference.Attribute("PrivateAssets")?.Value != "all").Select(reference => $"{project}: {reference}")),
            "only src/Csrun references run-time packages");
    }

    private static IEnumerable<string> Include(string project, string element) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
}
