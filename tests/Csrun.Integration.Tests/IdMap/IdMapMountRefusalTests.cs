using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.IdMap;

/// <summary>What csrun idmap mount and umount refuse: each with its cause, and nothing mounted.</summary>
public sealed class IdMapMountRefusalTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootTheory]
    [InlineData("--map-mount b:0:1:1 SRC/missing DST", "SRC/missing", "does not exist")]
    [InlineData("--map-mount b:0:1:1 SRC DST/missing", "DST/missing", "does not exist")]
    [InlineData("--map-mount b:0:1:1 SRC/dangling DST", "symbolic link to")]
    [InlineData("--map-mount b:0:1:1 SRC DST/file", "the source is a directory, the target is a file")]
    [InlineData("--map-mount b:0:1:1 SRC/file DST", "the source is a file, the target is a directory")]
    [InlineData("--map-mount b:0:1:1 SRC DST/mounted", "is busy", "tmpfs is mounted there")]
    [InlineData("--map-mount b:0:1:1 /proc DST", "EINVAL", "proc cannot be ID-mapped")]
    [InlineData("--map-mount b:0:1:1 SRC/overlay DST", "EINVAL", "its lower directories can")]
    [InlineData("--map-mount b:0:1:1 --recursive SRC DST", "SRC/overlay", "mounted below \"SRC\"", "all mounts there are mapped or none")]
    [InlineData("--map-mount b:0:1 SRC DST", "not of the form")]
    [InlineData("--map-mount b:0:1:1 --map-mount b:0:9:1 SRC DST", "overlaps")]
    [InlineData("--map-mount b:0:5000000000:1 SRC DST", "larger than")]
    [InlineData("--map-mount /proc/self/ns/user SRC DST", "first user namespace")]
    [InlineData("--map-mount /proc/self/ns/mnt SRC DST", "is no user namespace")]
    [InlineData("--map-mount /proc/4194304/ns/user SRC DST", "no such process, or it has ended")]
    [InlineData("--map-mount /etc/passwd SRC DST", "is no user namespace")]
    [InlineData("--map-mount /proc/self/ns/user --map-mount b:0:1:1 SRC DST", "whole map")]
    [InlineData("--map-mount b:0:1:1 -o size=4m,bogus SRC DST", "size=4m", "bogus")]
    [InlineData("--map-mount b:0:1:1 -o rbind SRC DST", "--recursive")]
    public void Refuses_and_mounts_nothing(string line, params string[] words)
    {
        (string src, string dst) = (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            mkdir {src}/overlay {src}/l {src}/u {src}/w {dst}/mounted; touch {src}/file {dst}/file; ln -s nowhere {src}/dangling
            mount -t tmpfs none {dst}/mounted
            mount -t tmpfs none {src}/l; mkdir {src}/l/lower {src}/l/upper {src}/l/work
            mount -t overlay none {src}/overlay -o lowerdir={src}/l/lower,upperdir={src}/l/upper,workdir={src}/l/work
            cat /proc/self/mountinfo > {dst}/before
            code=0; $CSRUN idmap mount {line.Replace("SRC", src, StringComparison.Ordinal).Replace("DST", dst, StringComparison.Ordinal)} || code=$?
            cmp /proc/self/mountinfo {dst}/before
            exit $code
            """);
        result.Refused(125, [.. words.Select(w => w.Replace("SRC", src, StringComparison.Ordinal).Replace("DST", dst, StringComparison.Ordinal))]);
        Assert.DoesNotContain("differ", result.Stdout, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_busy_mount_names_who_uses_it_and_lazy_ends_it()
    {
        (string src, string dst) = (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
        RunResult result = MountNamespace.AsRoot(Sandbox, $"""
            $CSRUN idmap mount --map-mount b:0:7:1 {src} {dst}
            (cd {dst} && exec sleep 60) & pid=$!
            trap "kill $pid" EXIT
            while [ "$(readlink /proc/$pid/cwd)" != {dst} ]; do sleep 0.01; done
            $CSRUN idmap umount {dst} && exit 9 || true
            $CSRUN idmap umount --lazy {dst}
            $CSRUN idmap umount {dst} && exit 9 || true
            mount -t tmpfs none {dst}
            $CSRUN idmap umount {dst} && exit 9 || true
            """).Succeeded();
        Assert.Contains("(sleep): its working directory", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("is no mount point", result.Stderr, StringComparison.Ordinal);
        Assert.Contains("is not ID-mapped", result.Stderr, StringComparison.Ordinal);
    }

    [UserFact]
    public void An_ordinary_user_outside_a_user_namespace_is_told_what_is_missing()
    {
        string directory = Sandbox.Directory(Identity.User);
        Sandbox.Csrun(Identity.User, "idmap", "mount", "--map-mount", "b:0:1:1", directory, directory).Refused(125, "CAP_SYS_ADMIN");
    }

    [RootFact]
    public void Swapped_numbers_are_noted()
    {
        (string src, string dst) = (Sandbox.Directory(Identity.Root, "source"), Sandbox.Directory(Identity.Root, "target"));
        RunResult result = MountNamespace.AsRoot(Sandbox, $"$CSRUN idmap mount --map-mount b:100000:0:65536 {src} {dst}; stat -c %u {dst}").Printed("65534");
        Assert.Contains("if the numbers are swapped: --map-mount b:0:100000:65536", result.Stderr, StringComparison.Ordinal);
    }
}
