using Csrun.Oci;
using Csrun.Plan.Planning;
using Csrun.Plan.Rendering;
using Csrun.Plan.Tests.Planning;

namespace Csrun.Plan.Tests.Rendering;

/// <summary>The plans of three standard runs, as text that reviewers read: a change of what a container's start does shows here.</summary>
/// <remarks>CSRUN_UPDATE_SNAPSHOTS=1 writes the files anew instead of comparing.</remarks>
public sealed class SnapshotTests
{
    [Theory]
    [InlineData("rootless")]
    [InlineData("rootless-terminal-volume")]
    [InlineData("root-host")]
    public void The_plan_is_the_one_that_was_reviewed(string name)
    {
        LaunchPlan plan = LaunchPlanner.Plan(Request(name));
        Compare($"{name}.strace.txt", StraceRenderer.Render(plan));
        Compare($"{name}.prose.txt", ProseRenderer.Render(plan));
    }

    private static LaunchRequest Request(string name) => name switch
    {
        "rootless" => LaunchRequests.Default,
        "rootless-terminal-volume" => TerminalWithVolume(),
        "root-host" => RootOnHost(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    private static LaunchRequest TerminalWithVolume()
    {
        Mount volume = new() { Destination = "/data", Type = "bind", Source = $"{LaunchRequests.HostOnly}/volume", Options = ["rbind", "ro"] };
        LaunchRequest request = LaunchRequests.Process(
            LaunchRequests.Mounts(LaunchRequests.Default, volume),
            process => process with { Terminal = true, NoNewPrivileges = true, User = new User { Uid = 1000, Gid = 1000 } });
        return request with { Init = true };
    }

    private static LaunchRequest RootOnHost()
    {
        LaunchRequest request = LaunchRequests.Linux(LaunchRequests.Default, linux => linux with
        {
            Namespaces = [.. linux.Namespaces.Where(n => n.Type != "user")],
            UidMappings = [],
            GidMappings = [],
            Devices = [new Device { Path = "/dev/fuse", Type = "c", Major = 10, Minor = 229, FileMode = 0x1b6 }],
        });
        return request with { Facts = LaunchRequests.Root };
    }

    private static void Compare(string file, string actual)
    {
        string path = Path.Combine(Repository.Directory, "tests/Csrun.Plan.Tests/Rendering/Snapshots", file);
        if (Environment.GetEnvironmentVariable("CSRUN_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }

        string[] expected = File.ReadAllText(path).Split('\n');
        string[] lines = actual.Split('\n');
        for (int i = 0; i < Math.Max(expected.Length, lines.Length); i++)
        {
            string was = i < expected.Length ? expected[i] : "(end)";
            string now = i < lines.Length ? lines[i] : "(end)";
            Assert.True(was == now, $"{file}, line {i + 1}:\n  was: {was}\n  now: {now}\nIf the change is meant: CSRUN_UPDATE_SNAPSHOTS=1 dotnet test tests/Csrun.Plan.Tests --filter Snapshot, and review the difference.");
        }
    }
}
