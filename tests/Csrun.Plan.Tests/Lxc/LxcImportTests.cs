using Csrun.Oci;
using Csrun.Plan.Lxc;

namespace Csrun.Plan.Tests.Lxc;

public sealed class LxcImportTests
{
    [Fact]
    public void The_articles_configuration_becomes_a_container_with_its_map()
    {
        LxcImport import = Import("""
            # Template used to create this container: /usr/share/lxc/templates/lxc-download
            lxc.include = /usr/share/lxc/config/common.conf
            lxc.arch = linux64
            lxc.rootfs.path = dir:/mnt
            lxc.uts.name = c1
            lxc.idmap = u 0 100000 65536
            lxc.idmap = g 0 200000 65536
            lxc.net.0.type = veth
            lxc.net.0.link = lxcbr0
            lxc.environment = LANG=C.UTF-8
            lxc.init.cmd = /bin/sh -c "echo 'a b'"
            lxc.mount.entry = /srv/my\040data srv/data none bind,ro,create=dir 0 0
            """);
        Assert.Empty(import.Mistakes);
        Spec spec = import.Spec;
        Assert.Equal("/mnt", spec.Root!.Path);
        Assert.Equal("c1", spec.Hostname);
        Assert.Equal([new LinuxIdMapping(0, 100000, 65536)], spec.Linux!.UidMappings);
        Assert.Equal([new LinuxIdMapping(0, 200000, 65536)], spec.Linux.GidMappings);
        Assert.Contains(spec.Linux.Namespaces, n => n.Type == "user");
        Assert.Equal(["/bin/sh", "-c", "echo 'a b'"], spec.Process!.Args);
        Assert.Contains("LANG=C.UTF-8", spec.Process.Env);
        Mount volume = spec.Mounts[^1];
        Assert.Equal(("/srv/data", "bind", "/srv/my data"), (volume.Destination, volume.Type, volume.Source));
        Assert.Equal(["bind", "ro"], volume.Options);
        Assert.Contains(spec.Mounts, m => m.Destination == "/proc");

        Assert.Equal(4, import.LeftOut.Count);
        Assert.Equal("config:2: lxc.include = /usr/share/lxc/config/common.conf: the file is not there", import.LeftOut[0]);
        Assert.Contains(import.LeftOut, l => l.StartsWith("config:3: lxc.arch = linux64: ", StringComparison.Ordinal));
        Assert.Contains(import.LeftOut, l => l.StartsWith("config:8: lxc.net.0.type = veth: csrun run --network", StringComparison.Ordinal));

        // What csrun run --config reads is what was written.
        Spec read = SpecReader.ReadAndValidate(SpecWriter.Write(spec), "config.json").Spec!;
        Assert.Equal(SpecWriter.Write(spec), SpecWriter.Write(read));
    }

    [Fact]
    public void All_mistakes_are_named_with_their_lines()
    {
        LxcImport import = Import("""
            lxc.rootfs = /mnt
            just words
            lxc.idmap = u 0 100000
            lxc.idmap = x 0 1 1
            lxc.uts.name = a b
            lxc.mount.entry = data srv none bind
            lxc.mount.entry = /a
            lxc.mount.entry = /a ../etc none bind 0 0
            lxc.environment = =x
            lxc.init.cmd = "open
            lxc.init.uid = -1
            bogus.key = 1
            """);
        int[] lines = [.. import.Mistakes.SkipLast(1).Select(m => int.Parse(m.Split(':')[1]))];
        Assert.Equal([.. Enumerable.Range(1, 12)], lines.Distinct());
        Assert.Contains("lxc.rootfs.path is missing", import.Mistakes[^1], StringComparison.Ordinal);
        Assert.Contains(import.Mistakes, m => m.Contains("since LXC 2.1 it is lxc.rootfs.path", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lxc.rootfs.path = overlay:/a:/b", "the storage \"overlay\"")]
    [InlineData("lxc.rootfs.path = rootfs", "is not absolute")]
    [InlineData("lxc.rootfs.path = /a\nlxc.idmap = u 0 100000 10", "there is no line for g")]
    [InlineData("lxc.rootfs.path = /a\nlxc.idmap = u 0 1 10\nlxc.idmap = u 5 100 1\nlxc.idmap = g 0 1 1", "overlaps")]
    [InlineData("lxc.rootfs.path = /a\nlxc.mount.entry = x / tmpfs defaults", "hides it all")]
    public void Mistakes_say_what_is_wrong(string text, string expected) =>
        Assert.Contains(Import(text).Mistakes, m => m.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Later_values_and_empty_ones_take_earlier_ones_back()
    {
        LxcImport import = Import("""
            lxc.rootfs.path = /a
            lxc.rootfs.path = /b
            lxc.idmap = u 0 1 1
            lxc.idmap =
            lxc.environment = A=1
            lxc.environment =
            lxc.mount.entry = none tmp tmpfs defaults 0 0
            lxc.mount.entry = none tmp tmpfs size=4m 0 0
            lxc.mount.entry = /not/there opt none bind,optional 0 0
            lxc.net.0.type = none
            """);
        Assert.Empty(import.Mistakes);
        Assert.Equal("/b", import.Spec.Root!.Path);
        Assert.Empty(import.Spec.Linux!.UidMappings);
        Assert.DoesNotContain(import.Spec.Linux.Namespaces, n => n.Type is "user" or "network");
        Assert.DoesNotContain("A=1", import.Spec.Process!.Env);
        Assert.Equal(["/sbin/init"], import.Spec.Process.Args);
        Mount tmp = Assert.Single(import.Spec.Mounts, m => m.Destination == "/tmp");
        Assert.Equal(["size=4m"], tmp.Options);
        Assert.Contains("it is optional", Assert.Single(import.LeftOut), StringComparison.Ordinal);
    }

    [Fact]
    public void Includes_are_read_at_their_place_and_circles_end()
    {
        LxcImport import = Import("lxc.include = more\nlxc.uts.name = last\nlxc.rootfs.path = /r", path => path == "more" ? [("more", "lxc.uts.name = first\nwrong\nlxc.init.cwd = /x")] : null);
        Assert.Equal("more:2: \"wrong\" is no setting: key = value", Assert.Single(import.Mistakes));
        Assert.Contains(Import("lxc.include = me", _ => [("me", "lxc.include = me")]).Mistakes, m => m.Contains("include one another", StringComparison.Ordinal));
    }

    private static LxcImport Import(string text, Func<string, IReadOnlyList<(string, string?)>?>? include = null) =>
        LxcImport.Convert(LxcConfigFile.Read("config", text, include ?? (_ => null)), path => path != "/not/there");
}
