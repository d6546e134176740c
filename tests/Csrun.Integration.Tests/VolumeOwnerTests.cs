using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The volume option U: the tree's owners on disk, the record of them, and what is never touched.</summary>
public sealed class VolumeOwnerTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private static Account User => Host.Of(Identity.User);

    [UserFact(Needs = Need.SubIds)]
    public void The_whole_tree_belongs_to_the_containers_user_and_the_record_says_what_was()
    {
        string volume = MakeTree();
        RunResult result = Run("-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "sh", "-c", "stat -c %u:%g /data /data/a /data/a/f; touch /data/a/new").Printed("35:36\n35:36\n35:36");
        Assert.Contains($"4 owners changed below \"{volume}\"", result.Stderr, StringComparison.Ordinal);
        string now = $"{User.SubUid + 34}:{User.SubGid + 35}", before = $"{User.Uid}:{User.Gid}";
        Assert.Equal([now, now, now, now], Owners(volume, ".", "a", "a/f", "link"));
        string[] record = File.ReadAllLines(Assert.Single(Directory.GetFiles(Path.Combine(Sandbox.Root(Identity.User), "chowned"), RecordName(volume))));
        Assert.Equal("csrun-chown 1", record[0]);
        Assert.Equal($"path {volume}", record[1]);
        Assert.Equal([$"{before} {now} .", $"{before} {now} a", $"{before} {now} a/f", $"{before} {now} link"], record[2..].Order(StringComparer.Ordinal));
        Run("-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "true").Succeeded();
        Assert.Equal(record, File.ReadAllLines(Directory.GetFiles(Path.Combine(Sandbox.Root(Identity.User), "chowned"), RecordName(volume))[0]));
    }

    [UserFact(Needs = Need.SubIds)]
    public void A_link_is_not_followed()
    {
        string volume = MakeTree();
        string elsewhere = Path.Combine(Sandbox.Directory(Identity.User), "elsewhere");
        Sandbox.Shell(Identity.User, $"echo x > {elsewhere}; ln -s {elsewhere} {volume}/to; ln -s {Path.GetDirectoryName(elsewhere)} {volume}/dir").Succeeded();
        Run("-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "true").Succeeded();
        Assert.Equal($"{User.Uid}:{User.Gid}", Tool.Check("stat", "-c", "%u:%g", elsewhere).Trim());
        Assert.Equal($"{User.SubUid + 34}:{User.SubGid + 35}", Owners(volume, "to")[0]);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void A_file_of_somebody_else_is_named_and_nothing_is_changed()
    {
        string volume = MakeTree();
        string theirs = Path.Combine(volume, "a", "roots");
        File.WriteAllText(theirs, "");
        Run("-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "true").Refused(125, "a/roots", "EPERM", "nothing was changed");
        Assert.Equal([$"{User.Uid}:{User.Gid}", $"{User.Uid}:{User.Gid}"], Owners(volume, ".", "a/f"));
        Assert.False(File.Exists(Path.Combine(Sandbox.Root(Identity.User), "chowned", RecordName(volume))));
        File.Delete(theirs);
        Run("-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "true").Succeeded();
    }

    [UserFact(Needs = Need.SubIds)]
    public void Nothing_is_changed_where_the_owner_is_right_already_or_the_plan_is_only_explained()
    {
        string volume = MakeTree();
        RunResult result = Run("-v", $"{volume}:/data:U", Host.AnyImage, "true").Succeeded();
        Assert.DoesNotContain("changed", result.Stderr, StringComparison.Ordinal);
        RunResult plan = Run("--explain", "-u", "35:36", "-v", $"{volume}:/data:U", Host.AnyImage, "true").Succeeded();
        Assert.Contains($"would give \"{volume}\"", plan.Stderr, StringComparison.Ordinal);
        Assert.Equal($"{User.Uid}:{User.Gid}", Owners(volume, "a/f")[0]);
    }

    [UserTheory(Needs = Need.SubIds)]
    [InlineData("/")]
    [InlineData("/home")]
    [InlineData("/etc/")]
    [InlineData("/usr/../etc")]
    public void Directories_that_everybody_needs_are_refused(string source) =>
        Run("-u", "35:36", "-v", $"{source}:/data:U", Host.AnyImage, "true").Refused(125, "U on");

    [RootFact]
    public void Root_changes_owners_directly()
    {
        string volume = MakeTree();
        RunAs(Identity.Root, "--userns", "map=0:500000:65536", "-u", "7:8", "-v", $"{volume}:/data:U", Host.AnyImage, "stat", "-c", "%u:%g", "/data/a/f").Printed("7:8");
        Assert.Equal("500007:500008", Owners(volume, "a/f")[0]);
    }

    [UserFact(Needs = Need.SubIds | Need.RootTests)]
    public void Keep_groups_leaves_the_callers_groups_in_force()
    {
        string directory = Sandbox.Directory(Identity.User);
        string file = Path.Combine(directory, "for-the-group");
        File.WriteAllText(file, "seen\n");
        Tool.Check("chgrp", "60", file);
        Tool.Check("chmod", "0640", file);
        string script = $"exec \"$CSRUN\" run --group-add keep-groups -v {directory}:/data {Host.AnyImage} cat /data/for-the-group";
        // games (60 on Debian) is the caller's for this one process.
        RunResult With(string groups) => Tool.Finish(
            Sandbox.Start(Identity.Root, ["/usr/bin/setpriv", $"--reuid={User.Uid}", $"--regid={User.Gid}", groups, "--inh-caps=-all", "--", "/bin/sh", "-c", script], new Dictionary<string, string?> { ["CSRUN_ROOT"] = Sandbox.Root(Identity.User), ["HOME"] = User.Home }),
            null,
            Tool.Patience);
        With("--groups=60").Printed("seen");
        Assert.Contains("Permission denied", With("--clear-groups").Exited(1).Stderr, StringComparison.Ordinal);
        Run("--group-add", "keep-groups", "--group-add", "5", Host.AnyImage, "true").Refused(125, "keep-groups", "setgroups");
    }

    private string MakeTree()
    {
        string volume = Sandbox.Directory(Identity.User);
        Sandbox.Shell(Identity.User, $"mkdir {volume}/a; echo x > {volume}/a/f; ln -s /etc/passwd {volume}/link").Succeeded();
        return volume;
    }

    private static string RecordName(string volume)
    {
        string[] numbers = Tool.Check("stat", "-c", "%Hd %Ld %i", volume).Trim().Split(' ');
        return string.Join('-', numbers);
    }

    private static string[] Owners(string volume, params string[] names) => [.. names.Select(name => Tool.Check("stat", "-c", "%u:%g", Path.Combine(volume, name)).Trim())];
}
