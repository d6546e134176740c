using Csrun.Images.Store;
using Csrun.Linux;

namespace Csrun.Images.Tests;

/// <summary>Names, digests and map keys: what may become part of a path.</summary>
public sealed class ImageNameTests
{
    [Theory]
    [InlineData("alpine", "alpine", "latest")]
    [InlineData("alpine:3.16", "alpine", "3.16")]
    [InlineData("library/alpine", "alpine", "latest")]
    [InlineData("docker.io/library/alpine:3", "alpine", "3")]
    [InlineData("docker.io/me/tool", "me/tool", "latest")]
    [InlineData("localhost:5000/me/tool:v1", "localhost:5000/me/tool", "v1")]
    [InlineData("ghcr.io/a_b/c-d.e:1.0-rc_1", "ghcr.io/a_b/c-d.e", "1.0-rc_1")]
    public void Names_are_read_as_docker_reads_them(string text, string repository, string tag) =>
        Assert.Equal(new ImageName(repository, tag), ImageName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData(".hidden")]
    [InlineData("a:")]
    [InlineData("a:b/c")]
    [InlineData("a:..")]
    [InlineData("a\0b")]
    [InlineData("a b")]
    [InlineData("a%b")]
    [InlineData("a+b")]
    [InlineData("a@b")]
    [InlineData("a\nb")]
    [InlineData("host:port/x")]
    [InlineData("host:/x")]
    [InlineData("ä")]
    [InlineData("docker.io/")]
    public void Names_that_could_mean_a_path_are_refused(string text) => Assert.Throws<CsrunException>(() => ImageName.Parse(text));

    [Fact]
    public void Names_have_a_length()
    {
        Assert.NotNull(ImageName.TryParse(new string('a', 161), out _));
        Assert.NotNull(ImageName.TryParse("a:" + new string('b', 65), out _));
        Assert.Null(ImageName.TryParse(new string('a', 160) + ":" + new string('b', 64), out ImageName longest));
        Assert.InRange(longest.FileName.Length, 1, 255);
    }

    [Fact]
    public void Different_names_have_different_files()
    {
        string[] names = ["a/b", "a", "a:b", "a/b:c", "a:5/b", "b/a", "a_b", "a-b", "a.b"];
        Assert.Equal(names.Length, names.Select(static name => ImageName.Parse(name).FileName).Distinct().Count());
        Assert.All(names, static name => Assert.DoesNotContain('/', ImageName.Parse(name).FileName));
    }

    [Theory]
    [InlineData("sha256:../../../../etc/passwd")]
    [InlineData("sha256:")]
    [InlineData("sha256:D4E6FD67DCF75E40C451560AC7265166C2B72A0F38DDC9AAE756A7DE3D1EFA0C")]
    [InlineData("sha256:d4e6fd67dcf75e40c451560ac7265166c2b72a0f38ddc9aae756a7de3d1efa0/")]
    [InlineData("sha512:d4e6fd67dcf75e40c451560ac7265166c2b72a0f38ddc9aae756a7de3d1efa0c")]
    [InlineData("d4e6fd67dcf75e40c451560ac7265166c2b72a0f38ddc9aae756a7de3d1efa0c")]
    public void Digests_are_checked_before_they_name_a_path(string text)
    {
        Assert.False(Digest.TryParse(text, out _));
        Assert.Throws<CsrunException>(() => Digest.Parse(text));
        if (text.StartsWith("sha256:", StringComparison.Ordinal))
        {
            Assert.Contains("is not a digest", Assert.Throws<CsrunException>(() => new ImageStore("/nonexistent").Resolve(text, MapKey.Host, [])).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Map_keys_tell_maps_apart_and_stay_short()
    {
        Linux.IdMaps.IdMapping[] one = [new(0, 1000, 1), new(1, 100000, 65536)];
        Linux.IdMaps.IdMapping[] two = [new(0, 1000, 1), new(1, 200000, 65536)];
        Linux.IdMaps.IdMapping[] many = [.. Enumerable.Range(0, 340).Select(static i => new Linux.IdMaps.IdMapping((uint)i, (uint)(i * 2), 1))];
        string[] keys = [MapKey.For(one, one), MapKey.For(two, two), MapKey.For(one, two), MapKey.For(two, one), MapKey.For(many, many), MapKey.For(many, one), MapKey.Host, MapKey.Single(1000, 1000), MapKey.Single(1001, 1000)];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, static key => MapKey.Check(key));
        Assert.Equal("u0-1000-1.1-100000-65536_g0-1000-1.1-100000-65536", keys[0]);
        Assert.Throws<CsrunException>(() => MapKey.Check("../x"));
        Assert.Throws<CsrunException>(() => MapKey.Check(".."));
        Assert.Throws<CsrunException>(() => MapKey.Check(""));
    }
}
