using System.Diagnostics;
using System.Text.Json;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The lessons, run as their readers run them: as the ordinary user and as root.</summary>
public sealed class LabTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static readonly TimeSpan s_budget = TimeSpan.FromMinutes(1);

    // What a lab may lack on a machine where nothing is broken. Any other reason for a skip is a failure.
    private static readonly string[] s_reasons =
    [
        "needs root",
        "the kernel cannot mount ",
        "csrun run alpine", // no Alpine image can be had
        "no ordinary user of this machine",
        "as csrun-test: csrun run",
        "the program ",
    ];

    [UserFact]
    public void The_list_names_every_lab_with_its_source()
    {
        JsonElement[] labs = [.. Json(Sandbox.Csrun(Identity.User, "lab", "list", "--json").Succeeded().Stdout).EnumerateArray()];
        Assert.True(labs.Length >= 5);
        string list = Sandbox.Csrun(Identity.User, "lab", "list").Succeeded().Stdout;
        Assert.All(labs, lab =>
        {
            Assert.NotEmpty(lab.GetProperty("what").GetString()!);
            Assert.NotEmpty(lab.GetProperty("source").GetProperty("section").GetString()!);
            Assert.Contains(lab.GetProperty("name").GetString()!, list, StringComparison.Ordinal);
        });
    }

    [UserFact]
    public void All_labs_pass_as_an_ordinary_user() => AllPass(Identity.User);

    [RootFact]
    public void All_labs_pass_as_root() => AllPass(Identity.Root);

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void A_lab_is_a_lesson_to_read()
    {
        string text = Sandbox.Csrun(Identity.User, "lab", "run", "docker-rootless").Succeeded().Stdout;
        Assert.Contains("== docker-rootless: ", text, StringComparison.Ordinal);
        Assert.Contains("$ docker run alpine id", text, StringComparison.Ordinal);
        Assert.Contains("csrun-test$ csrun run alpine id", text, StringComparison.Ordinal);
        Assert.Contains("docker-rootless: passed", text, StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 0 failed, 0 skipped\n", text, StringComparison.Ordinal);
    }

    [UserFact]
    public void What_needs_root_is_skipped_with_the_reason()
    {
        RunResult result = Sandbox.Csrun(Identity.User, "lab", "run", "docker-rootful").Succeeded();
        Assert.Contains("docker-rootful: skipped: needs root, and csrun-test is not", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 0 failed, 1 skipped\n", result.Stdout, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Another_answer_than_expected_fails_the_lab_and_shows_the_difference()
    {
        // The image's stat tells other owners than the kernel: the lab has to notice.
        string images = Sandbox.Directory(Identity.User, "images");
        Sandbox.Shell(
            Identity.User,
            $"cd {images} && $CSRUN image unpack {Host.AnyImage} rootfs && rm rootfs/bin/stat && printf '#!/bin/sh\\necho 7:7 wrong\\n' >rootfs/bin/stat && chmod +x rootfs/bin/stat"
            + " && tar --owner=0 --group=0 -C rootfs -czf alpine-minirootfs-9.9.9-x86_64.tar.gz . && chmod -R u+rwX rootfs && rm -rf rootfs").Succeeded();
        RunResult result = Sandbox.Csrun(Identity.User, ["lab", "run", "keep-id"], null, new Dictionary<string, string?> { ["CSRUN_IMAGE_PATH"] = images });
        result.Exited(1);
        Assert.Contains("+ 7:7 wrong", result.Stdout, StringComparison.Ordinal);
        Assert.Contains("- was expected, + was printed instead", result.Stdout, StringComparison.Ordinal);
        Assert.EndsWith("0 passed, 1 failed, 0 skipped\n", result.Stdout, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void Keep_keeps_what_the_lab_made()
    {
        string above = Sandbox.Directory(Identity.User, "kept");
        RunResult result = Sandbox.Csrun(Identity.User, ["lab", "run", "keep-id", "--keep", "--json"], null, new Dictionary<string, string?> { ["TMPDIR"] = above });
        result.Succeeded();
        string kept = Json(result.Stdout).GetProperty("labs")[0].GetProperty("kept").GetString()!;
        Assert.StartsWith(above, kept, StringComparison.Ordinal);
        Assert.True(File.Exists($"{kept}/data/by-me"));
    }

    [RootFact(Needs = Need.Alpine)]
    public void What_a_killed_lab_left_mounted_the_next_one_removes() =>
        KilledIn("no-root-in-map", Identity.Root, directory => File.ReadAllText("/proc/self/mountinfo").Contains(directory, StringComparison.Ordinal));

    [RootFact(Needs = Need.Alpine)]
    public void A_killed_labs_service_ends_with_it() =>
        KilledIn("broker", Identity.Root, directory => File.Exists($"{directory}/broker/broker.sock"));

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void A_killed_labs_containers_are_removed_by_the_next_one() =>
        KilledIn("lxc-3-rootless", Identity.User, directory => Directory.Exists($"{directory}/state")
            && Sandbox.Csrun(Identity.User, ["ps", "-q"], null, new Dictionary<string, string?> { ["CSRUN_ROOT"] = $"{directory}/state" }).Output.Length != 0);

    /// <summary>Kills a lab as soon as it has come so far, and runs another one.</summary>
    private void KilledIn(string lab, Identity identity, Func<string, bool> reached)
    {
        string above = Sandbox.Directory(identity, "killed");
        Dictionary<string, string?> variables = new() { ["TMPDIR"] = above };
        Leftovers leftovers = Leftovers.Before(Sandbox, identity);
        string? directory = null;
        using (Process process = Sandbox.Start(identity, [Host.Csrun, "lab", "run", lab], variables))
        {
            for (int i = 0; directory is null || !reached(directory); i++)
            {
                Assert.True(i < 6000 && !process.HasExited, $"{lab} has ended: {(process.HasExited ? process.StandardOutput.ReadToEnd() : "no")}");
                Thread.Sleep(5);
                directory = Directory.GetDirectories(above).FirstOrDefault();
            }

            process.Kill();
            process.WaitForExit();
        }

        Assert.True(Directory.Exists(directory));
        Thread.Sleep(500); // the command that the lab was at goes on to its end
        RunResult next = Sandbox.Csrun(identity, ["lab", "run", "docker-rootless"], null, variables).Succeeded();

        Assert.Contains($"removed {directory}, which a lab that was killed had left", next.Stderr, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(above));
        leftovers.AssertNone();
    }

    [UserFact]
    public void A_lab_that_works_and_one_that_is_kept_are_left_alone()
    {
        string above = Sandbox.Directory(Identity.User, "alive");
        Dictionary<string, string?> variables = new() { ["TMPDIR"] = above };
        Sandbox.Csrun(Identity.User, ["lab", "run", "docker-rootful", "--keep"], null, variables).Succeeded();
        string kept = Directory.GetDirectories(above).Single(), works = $"{above}/csrun-lab-works";
        Sandbox.Shell(Identity.User, $"mkdir {works}; export TMPDIR={above}; flock {works} $CSRUN lab run docker-rootful").Succeeded();
        Assert.Equal([kept, works], Directory.GetDirectories(above).Order());
        Sandbox.Csrun(Identity.User, ["lab", "run", "docker-rootful"], null, variables).Succeeded();
        Assert.Equal([kept], Directory.GetDirectories(above));
    }

    [UserFact]
    public void Names_are_checked_before_anything_runs()
    {
        Sandbox.Csrun(Identity.User, "lab", "run", "keep-id", "kep-id").Refused(125, "\"kep-id\" is no lab", "keep-id");
        Sandbox.Csrun(Identity.User, "lab", "run").Refused(125, "operands are missing");
        Sandbox.Csrun(Identity.User, "lab", "list", "extra").Refused(125, "extra");
    }

    private void AllPass(Identity identity)
    {
        string above = Sandbox.Directory(identity, "labs");
        string mounts = File.ReadAllText("/proc/self/mountinfo");
        RunResult result = Sandbox.Csrun(identity, ["lab", "run", "all", "--json"], null, new Dictionary<string, string?> { ["TMPDIR"] = above }, TimeSpan.FromMinutes(3));
        result.Succeeded();
        JsonElement json = Json(result.Stdout);
        Assert.Equal(0, json.GetProperty("failed").GetInt32());
        Assert.NotEqual(0, json.GetProperty("passed").GetInt32());
        long milliseconds = 0;
        foreach (JsonElement lab in json.GetProperty("labs").EnumerateArray())
        {
            milliseconds += lab.GetProperty("milliseconds").GetInt64();
            string? reason = lab.TryGetProperty("reason", out JsonElement text) ? text.GetString() : null;
            Assert.True(reason is null || s_reasons.Any(known => reason.StartsWith(known, StringComparison.Ordinal)), $"{lab.GetProperty("name")} was skipped: {reason}");
            Assert.Equal(0, lab.GetProperty("left").GetArrayLength());
        }

        Assert.True(TimeSpan.FromMilliseconds(milliseconds) < s_budget, $"{milliseconds} ms");
        Assert.Empty(Directory.EnumerateFileSystemEntries(above));
        Assert.Equal(mounts, File.ReadAllText("/proc/self/mountinfo"));
    }

    private static JsonElement Json(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
