using System.Text;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The bad input: each has its code, a reason, a way out, and leaves nothing.</summary>
public sealed class BadInputTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void An_unknown_image_names_where_csrun_looked_and_what_is_close()
    {
        RunResult result = Run(Host.AnyImage[..^1], "true").Refused(125, Host.AnyImage[..^1], Host.ImagePath.Split(':')[0]);
        Assert.Contains(Host.AnyImage, result.Stderr, StringComparison.Ordinal);
    }

    [UserTheory]
    [InlineData("../etc/passwd")]
    [InlineData("UPPER")]
    [InlineData("a b")]
    [InlineData("")]
    public void An_image_name_that_is_none_is_refused(string image) => Run(image, "true").Refused(125);

    [UserFact]
    public void No_image_is_refused() => Assert.Contains("IMAGE", Run().Exited(125).Stderr, StringComparison.OrdinalIgnoreCase);

    [UserFact]
    public void A_rootfs_without_a_command_is_refused() =>
        Run("--rootfs", TestRootfs.Make(Sandbox, Identity.User)).Refused(125, "command");

    [UserTheory]
    [InlineData("/tmp:relative")]
    [InlineData("/tmp:/a/../b")]
    [InlineData("/tmp:")]
    [InlineData(":/data")]
    [InlineData("/tmp:/data:frobnicate")]
    [InlineData("/tmp:/data:ro,rw")]
    [InlineData("/tmp:/")]
    [InlineData("/tmp:/data:U")]
    public void A_volume_that_cannot_be_is_refused(string volume) => Run("-v", volume, Host.AnyImage, "true").Refused(125);

    [UserTheory]
    [InlineData("--ulimit", "nofile=x")]
    [InlineData("--ulimit", "frobnicate=1")]
    [InlineData("--ulimit", "nofile=5:1")]
    [InlineData("--cap-add", "frobnicate")]
    [InlineData("--security-opt", "frobnicate")]
    [InlineData("--security-opt", "seccomp=/no/such/profile.json")]
    [InlineData("--network", "frobnicate")]
    [InlineData("--tmpfs", "relative")]
    [InlineData("--mount", "type=frobnicate,dst=/x")]
    [InlineData("--env-file", "/no/such/file")]
    [InlineData("--config", "/no/such/file")]
    [InlineData("-w", "relative")]
    [InlineData("--hostname", "has space")]
    [InlineData("-e", "=x")]
    public void An_option_value_that_cannot_be_is_refused_and_named(string option, string value) =>
        Run(option, value, Host.AnyImage, "true").Refused(125);

    [UserFact]
    public void Invalid_json_is_refused_with_its_position() =>
        Run("--config", Config("{\n  \"ociVersion\": \"1.2.0\",\n  oops\n}"), Host.AnyImage, "true").Refused(125, "line 3");

    [UserFact]
    public void All_mistakes_of_a_config_are_listed_at_once() =>
        Run("--config", Config("""
            {
              "ociVersion": "1.2.0",
              "process": { "cwd": "relative", "args": [] },
              "mounts": [ { "destination": "also/relative", "type": "tmpfs" } ],
              "linux": { "uidMappings": [ { "containerID": 0, "hostID": 0, "size": 0 } ] }
            }
            """), Host.AnyImage, "true").Refused(125, "process.cwd", "mounts[0].destination", "uidMappings[0].size");

    [UserFact]
    public void A_truncated_tarball_is_refused_and_leaves_no_tree()
    {
        string directory = Sandbox.Directory(Identity.User);
        string image = Directory.EnumerateFiles(Host.ImagePath.Split(':')[0], Host.AnyImage + "-*").First();
        File.WriteAllBytes(Path.Combine(directory, "broken-1.0.tar.gz"), File.ReadAllBytes(image)[..100_000]);
        WithImages(directory, "broken").Refused(125, "broken-1.0.tar.gz");
        Sandbox.Csrun(Identity.User, "images").Succeeded();
        Assert.DoesNotContain("broken", Sandbox.Csrun(Identity.User, "images").Stdout, StringComparison.Ordinal);
    }

    [UserFact]
    public void A_tarball_that_is_none_is_refused()
    {
        string directory = Sandbox.Directory(Identity.User);
        File.WriteAllBytes(Path.Combine(directory, "noise-1.0.tar.gz"), Encoding.ASCII.GetBytes(new string('x', 5000)));
        WithImages(directory, "noise").Refused(125, "noise-1.0.tar.gz");
    }

    [UserFact]
    public void A_tarball_that_cannot_be_read_is_refused()
    {
        if (Host.IsRoot)
        {
            string directory = Sandbox.Directory(Identity.Root);
            string file = Path.Combine(directory, "closed-1.0.tar.gz");
            File.WriteAllBytes(file, [1]);
            Tool.Check("chmod", "0600", file);
            WithImages(directory, "closed").Refused(125, "closed-1.0.tar.gz", "EACCES");
        }
    }

    [UserTheory]
    [InlineData("../escaped", "")]
    [InlineData("/../../escaped", "")]
    [InlineData("a/../../escaped", "")]
    [InlineData("link/escaped", "link -> OUTSIDE")]
    public void A_hostile_tarball_writes_nothing_outside(string name, string before)
    {
        string directory = Sandbox.Directory(Identity.User);
        string outside = Sandbox.Directory(Identity.User, "outside");
        using (FileStream stream = File.Create(Path.Combine(directory, "hostile-1.0.tar")))
        using (System.Formats.Tar.TarWriter tar = new(stream))
        {
            if (before.Length > 0)
            {
                tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.SymbolicLink, "link") { LinkName = outside });
            }

            tar.WriteEntry(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream("sentinel"u8.ToArray()),
            });
        }

        WithImages(directory, "hostile"); // refused, or unpacked with the entry kept inside
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Empty(Tool.Run("find", Sandbox.Root(Identity.User), "-name", "escaped", "-not", "-path", "*/rootfs/*", "-not", "-path", "*/tree*/*").Output);
        Assert.False(File.Exists("/escaped"));
    }

    [UserFact(Needs = Need.SubIds)]
    public void Newuidmap_that_is_missing_is_named()
    {
        RunResult result = Sandbox.Csrun(
            Identity.User, ["run", Host.AnyImage, "true"], null, new Dictionary<string, string?> { ["PATH"] = "/nowhere" });

        // Where csrun knows the usual places itself, it simply works.
        if (result.ExitCode != 0)
        {
            result.Refused(125, "newuidmap", "uidmap");
        }
    }

    private string Config(string json)
    {
        string file = Path.Combine(Sandbox.Directory(Identity.User), "config.json");
        File.WriteAllText(file, json);
        return file;
    }

    private RunResult WithImages(string directory, string image) => Sandbox.Csrun(
        Identity.User, ["run", image, "true"], null, new Dictionary<string, string?> { ["CSRUN_IMAGE_PATH"] = directory });
}
