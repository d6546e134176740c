using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.IdMap;

/// <summary>csrun idmap import-lxc: what comes out runs.</summary>
public sealed class ImportLxcTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact(Needs = Need.Alpine)]
    public void The_articles_container_runs_on_the_mapped_root()
    {
        string work = Sandbox.Directory(Identity.Root);
        string mnt = Sandbox.Directory(Identity.Root, "mnt");
        Sandbox.Csrun(Identity.Root, "image", "unpack", "alpine:3.16", work + "/rootfs").Succeeded();
        File.WriteAllText(work + "/config", $"""
            lxc.include = /usr/share/lxc/config/nothing.conf
            lxc.rootfs.path = dir:{mnt}
            lxc.uts.name = c1
            lxc.idmap = u 0 100000 65536
            lxc.idmap = g 0 100000 65536
            lxc.environment = GREETING=hello
            lxc.mount.entry = {work}/data srv none bind,create=dir 0 0
            lxc.init.cmd = /bin/sh /srv/init
            """);
        Directory.CreateDirectory(work + "/data");
        File.WriteAllText(work + "/data/init", "cat /proc/1/uid_map /proc/1/gid_map | tr -s ' '; hostname; echo $GREETING; touch /root/root-file /tmp/testfile; chown games:games /tmp/testfile; stat -c %u:%g /root/root-file /tmp/testfile\n");
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap import-lxc --output {work}/config.json {work}/config
            $CSRUN idmap mount --map-mount b:0:100000:65536 {work}/rootfs {mnt}
            $CSRUN run --config {work}/config.json
            stat -c %u:%g {mnt}/root/root-file {mnt}/tmp/testfile {work}/rootfs/root/root-file {work}/rootfs/tmp/testfile
            """).Succeeded();
        Assert.Equal(
            [" 0 100000 65536", " 0 100000 65536", "c1", "hello", "0:0", "35:35", "100000:100000", "100035:100035", "0:0", "35:35"],
            result.Output.Split('\n'));
        Assert.Contains("left out: " + work + "/config:1: lxc.include", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact(Needs = Need.SubIds)]
    public void An_ordinary_users_container_is_imported_and_run_too()
    {
        Account user = Host.Of(Identity.User);
        string work = Sandbox.Directory(Identity.User);
        Sandbox.Csrun(Identity.User, "image", "unpack", Host.AnyImage, work + "/rootfs").Succeeded();
        File.WriteAllText(work + "/config", $"""
            lxc.rootfs.path = dir:{work}/rootfs
            lxc.idmap = u 0 {user.Uid} 1
            lxc.idmap = u 1 {user.SubUid} 65535
            lxc.idmap = g 0 {user.Gid} 1
            lxc.idmap = g 1 {user.SubGid} 65535
            lxc.init.cmd = id -u
            """);
        Sandbox.Shell(Identity.User, $"$CSRUN idmap import-lxc {work}/config > {work}/c.json && $CSRUN run --config {work}/c.json").Printed("0");
    }

    [UserFact]
    public void A_broken_file_is_refused_with_all_lines_and_writes_nothing()
    {
        string work = Sandbox.Directory(Identity.User);
        File.WriteAllText(work + "/config", "lxc.rootfs = /x\n\nwhat is this\nlxc.idmap = u 0\n");
        Sandbox.Csrun(Identity.User, "idmap", "import-lxc", "-o", work + "/out", work + "/config").Refused(125, "config:1:", "config:3:", "config:4:", "4 mistakes");
        Assert.False(File.Exists(work + "/out"));
        Sandbox.Csrun(Identity.User, "idmap", "import-lxc", work + "/missing").Refused(125, "does not exist");
        File.WriteAllBytes(work + "/binary", [0xff, 0xfe, 0]);
        Sandbox.Csrun(Identity.User, "idmap", "import-lxc", work + "/binary").Refused(125, "is no text");
        File.WriteAllText(work + "/good", "lxc.rootfs.path = /x\n");
        Sandbox.Csrun(Identity.User, "idmap", "import-lxc", "-o", work + "/no/dir/out", work + "/good").Refused(125, "ENOENT");
    }
}
