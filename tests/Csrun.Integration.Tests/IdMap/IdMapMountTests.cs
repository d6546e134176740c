using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.IdMap;

/// <summary>csrun idmap mount and umount, beside what the articles show of mount-idmapped.</summary>
public sealed class IdMapMountTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootFact(Needs = Need.Alpine)]
    public void Roots_image_shows_shifted_as_in_the_article()
    {
        string rootfs = Sandbox.Directory(Identity.Root, "c1") + "/rootfs";
        string mnt = Sandbox.Directory(Identity.Root, "mnt");
        Sandbox.Csrun(Identity.Root, "image", "unpack", "alpine:3.16", rootfs).Succeeded();
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap mount --map-mount b:0:100000:65536 {rootfs} {mnt}
            stat -c '%A %u %g' {rootfs}/bin {rootfs}/etc/shadow {mnt}/bin {mnt}/etc/shadow
            grep ' {mnt} ' /proc/self/mountinfo | cut -d' ' -f6
            $CSRUN idmap umount {mnt}
            grep -c ' {mnt} ' /proc/self/mountinfo || true
            """).Succeeded();
        string[] lines = result.Output.Split('\n');
        Assert.Equal(
            ["drwxr-xr-x 0 0", "-rw-r----- 0 42", "drwxr-xr-x 100000 100000", "-rw-r----- 100000 100042"],
            lines[..4]);
        Assert.EndsWith(",idmapped", lines[4], StringComparison.Ordinal);
        Assert.Equal("0", lines[5]);
        Assert.Equal("", result.Stderr);
    }

    [RootFact]
    public void What_is_made_through_the_mount_is_stored_unshifted()
    {
        (string src, string dst) = Pair();
        MountNamespace.AsRoot(Sandbox, $"""
            chmod 0777 {src}
            $CSRUN idmap mount --map-mount u:0:100000:65536 --map-mount g:0:200000:65536 {src} {dst}
            setpriv --reuid 100035 --regid 200036 --clear-groups touch {dst}/f
            stat -c %u:%g {dst}/f {src}/f
            """).Printed("100035:200036\n35:36");
    }

    [RootFact]
    public void A_map_without_0_keeps_root_from_making_anything()
    {
        (string src, string dst) = Pair();
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            mkdir {src}/home; chown 1000:1000 {src}/home; touch {src}/roots
            $CSRUN idmap mount --map-mount b:1:1:65535 {src} {dst}
            stat -c %U:%G {dst}/roots
            touch {dst}/i-am-root && exit 9
            setpriv --reuid 1000 --regid 1000 --clear-groups touch {dst}/home/i-am-somebody
            stat -c %u:%g {dst}/home/i-am-somebody
            """).Printed("nobody:nogroup\n1000:1000");
        Assert.Contains($"touch: cannot touch '{dst}/i-am-root': Value too large for defined data type", result.Stderr, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_mapped_mount_is_mapped_anew_and_the_maps_do_not_add_up()
    {
        (string src, string one) = Pair();
        string two = Sandbox.Directory(Identity.Root);
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap mount --map-mount b:0:100000:65536 {src} {one}
            $CSRUN idmap mount --map-mount b:0:300000:65536 {one} {two} || uname -r
            stat -c %u {one} {two}
            """);
        if (result.Succeeded().Output.Split('\n') is [string release, ..] && Version.TryParse(release.Split('-')[0], out Version? kernel))
        {
            Assert.True(kernel < new Version(6, 15), result.ToString());
            Assert.Contains("since Linux 6.15", result.Stderr, StringComparison.Ordinal);
            return;
        }

        result.Printed("100000\n300000");
        Assert.Contains("in place of its own", result.Stderr, StringComparison.Ordinal);
    }

    [RootFact]
    public void The_map_of_a_container_is_taken_from_its_user_namespace()
    {
        (string src, string dst) = Pair();
        MountNamespace.AsRoot(Sandbox, $"""
            unshare --user sleep 60 & pid=$!
            while [ "$(readlink /proc/$pid/ns/user)" = "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
            trap "kill $pid" EXIT
            $CSRUN idmap mount --map-mount /proc/$pid/ns/user {src} {dst} 2>&1 | grep -o 'has no IDs yet'
            echo '0 500000 10' > /proc/$pid/uid_map; echo '0 600000 10' > /proc/$pid/gid_map
            $CSRUN idmap mount --map-mount /proc/$pid/ns/user {src} {dst}
            stat -c %u:%g {dst}
            """).Printed("has no IDs yet\n500000:600000");
    }

    [RootFact]
    public void A_link_and_a_single_file_are_sources_too()
    {
        (string src, string dst) = Pair();
        MountNamespace.AsRoot(Sandbox, $"""
            echo text > {src}/file; ln -s {src}/file {src}/link; : > {dst}/on
            $CSRUN idmap mount --map-mount b:0:7:1 {src}/link {dst}/on
            stat -c %u {dst}/on; cat {dst}/on
            """).Printed("7\ntext");
    }

    [RootFact]
    public void Mount_options_hold_on_the_mapped_mount()
    {
        (string src, string dst) = Pair();
        MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap mount --map-mount b:0:7:1 -o nosuid,nodev,ro,noatime {src} {dst}
            grep ' {dst} ' /proc/self/mountinfo | cut -d' ' -f6
            """).Printed("ro,nosuid,nodev,noatime,idmapped");
    }

    [RootFact]
    public void Recursive_takes_the_mounts_below_along()
    {
        (string src, string dst) = Pair();
        MountNamespace.AsRoot(Sandbox, $"""
            mkdir {src}/below; mount -t tmpfs none {src}/below; touch {src}/below/f
            $CSRUN idmap mount --map-mount b:0:7:1 --recursive {src} {dst}
            stat -c %u {dst} {dst}/below/f
            $CSRUN idmap umount {dst} 2>&1 | grep -c 'other mounts lie on it'
            $CSRUN idmap umount --recursive {dst}
            grep -c ' {dst}' /proc/self/mountinfo || true
            """).Printed("7\n7\n1\n0");
    }

    [UserFact(Needs = Need.SubIds)]
    public void An_ordinary_user_maps_a_tmpfs_of_its_own_user_namespace()
    {
        string dst = Sandbox.Directory(Identity.User);
        RunResult result = MountNamespace.AsUser(Sandbox, $"""
            mkdir {dst}/a {dst}/b {dst}/c; mount -t tmpfs none {dst}/a; touch {dst}/a/f; chown 5:6 {dst}/a/f
            $CSRUN idmap mount --map-mount b:5:100:10 {dst}/a {dst}/b
            stat -c %u:%g {dst}/b/f
            $CSRUN idmap mount --map-mount b:0:0:10 {dst} {dst}/c && exit 9 || true
            grep -c ' {dst}/c ' /proc/self/mountinfo || true
            """).Printed("100:101\n0");
        Assert.Contains("mounted by a user namespace outside csrun's own", result.Stderr, StringComparison.Ordinal);
    }

    private (string Source, string Target) Pair() => (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
}
