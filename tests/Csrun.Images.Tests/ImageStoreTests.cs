using Csrun.Images.Store;
using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Handles;

namespace Csrun.Images.Tests;

/// <summary>The store as a whole: in, found again, unpacked once, out.</summary>
public sealed class ImageStoreTests : IDisposable
{
    private readonly Sandbox _box = new();
    private readonly ImageStore _store;
    private readonly string _tarballs;

    public ImageStoreTests()
    {
        _store = new ImageStore(_box.In("data/csrun"));
        _tarballs = Directory.CreateDirectory(Path.Combine(_box.Outside, "tarballs")).FullName;
    }

    public void Dispose() => _box.Dispose();

    private string Tarball(string name, string content = "x")
    {
        string path = Path.Combine(_tarballs, name);
        File.WriteAllBytes(path, TarBuilder.Gzip(new TarBuilder().Directory("etc").File("etc/content", content).End()));
        return path;
    }

    private string Unpack(Digest digest, string key)
    {
        using TreeBuild? build = _store.BeginTree(digest, key);
        if (build is null)
        {
            return _store.FindTree(digest, key)!;
        }

        using SafeFd root = Unpacker.CreateRoot(build.Directory, "rootfs");
        using SafeFd blob = _store.OpenBlob(digest);
        Unpacker.Unpack(blob, root, new UnpackOptions());
        return build.Publish();
    }

    [Fact]
    public void A_tarball_on_the_search_path_comes_in_once_and_is_found_without_it()
    {
        string path = Tarball("one-1.0.tar.gz");
        Assert.Null(_store.TryResolve("one", MapKey.Host));
        ResolvedImage first = _store.Resolve("one", MapKey.Host, [_tarballs]);
        Assert.Equal((path, (string?)null), (first.Origin, first.TreePath));
        Assert.Equal("/bin/sh", Assert.Single(first.Config.Cmd));
        File.Delete(path);
        ResolvedImage again = _store.TryResolve("one", MapKey.Host)!;
        Assert.Equal((first.Digest, (string?)null), (again.Digest, again.Origin));
        Assert.Equal(first.Record.Size, again.Record.Size);
        Assert.Equal(first.Config.Env.AsEnumerable(), again.Config.Env);
        Assert.Equal(first.Name, _store.Resolve(first.Digest.Short, MapKey.Host, []).Name);
        Assert.Equal(first.Name, _store.Resolve(first.Digest.ToString(), MapKey.Host, []).Name);
        Assert.Throws<CsrunException>(() => _store.Resolve("0123456789ab", MapKey.Host, []));
    }

    [Fact]
    public void Trees_are_kept_by_map_and_appear_whole()
    {
        Tarball("one-1.0.tar.gz", "hello");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        string tree = Unpack(digest, MapKey.Host);
        Assert.Equal("hello", File.ReadAllText(tree + "/etc/content"));
        Assert.Equal(tree, _store.TryResolve("one", MapKey.Host)!.TreePath);
        Assert.Null(_store.TryResolve("one", "u0-5-1_g0-5-1")!.TreePath);
        Assert.NotEqual(tree, Unpack(digest, "u0-5-1_g0-5-1"));
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/tmp"));
        Assert.Null(_store.BeginTree(digest, MapKey.Host));
    }

    [Fact]
    public void Everything_is_closed_to_others()
    {
        Tarball("one-1.0.tar.gz");
        Unpack(_store.Resolve("one", MapKey.Host, [_tarballs]).Digest, MapKey.Host);
        string open = Tool.Must("find", _store.Root, "-not", "-path", "*/rootfs*", "-perm", "/077");
        Assert.Equal("", open.Trim());
    }

    [Fact]
    public void An_abandoned_build_leaves_nothing_and_the_next_one_works()
    {
        Tarball("one-1.0.tar.gz");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        using (TreeBuild build = _store.BeginTree(digest, MapKey.Host)!)
        {
            using SafeFd root = Unpacker.CreateRoot(build.Directory, "rootfs");
        }

        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/tmp"));
        Assert.Null(_store.FindTree(digest, MapKey.Host));
        Assert.EndsWith("/rootfs", Unpack(digest, MapKey.Host), StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_first_runs_unpack_once()
    {
        Tarball("one-1.0.tar.gz");
        int builds = 0;
        Parallel.For(0, 16, new ParallelOptions { MaxDegreeOfParallelism = 16 }, _ =>
        {
            ImageStore store = new(_store.Root);
            Digest digest = store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
            using TreeBuild? build = store.BeginTree(digest, MapKey.Host);
            if (build is not null)
            {
                Interlocked.Increment(ref builds);
                using SafeFd root = Unpacker.CreateRoot(build.Directory, "rootfs");
                using SafeFd blob = store.OpenBlob(digest);
                Unpacker.Unpack(blob, root, new UnpackOptions());
                build.Publish();
            }

            Assert.NotNull(store.FindTree(digest, MapKey.Host));
        });
        Assert.Equal(1, builds);
        Assert.Single(_store.List());
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/tmp"));
    }

    [Fact]
    public void What_dead_processes_left_is_cleaned_and_what_the_living_have_is_not()
    {
        Tarball("one-1.0.tar.gz");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        Directory.CreateDirectory(_store.Root + "/tmp/tree-1-dead/rootfs/deep");
        File.WriteAllText(_store.Root + "/tmp/blob-1-dead", "x");
        using TreeBuild living = _store.BeginTree(digest, MapKey.Host)!;
        Assert.Empty(new ImageStore(_store.Root).CleanTmp());
        Assert.Equal([living.Path], Directory.GetFileSystemEntries(_store.Root + "/tmp"));
    }

    [Fact]
    public void Removing_takes_name_tarball_and_trees()
    {
        Tarball("one-1.0.tar.gz");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        _store.Resolve("one:1.0", MapKey.Host, [_tarballs]);
        Unpack(digest, MapKey.Host);
        Assert.Equal(2, _store.List().Count);

        // Another name still needs it all.
        ImageRemoval first = _store.Remove("one:1.0");
        Assert.False(first.Deleted);
        Assert.NotNull(_store.TryResolve("one", MapKey.Host)!.TreePath);

        ImageRemoval last = _store.Remove(digest.Short);
        Assert.True(last.Deleted);
        Assert.Single(last.Trees);
        Assert.Empty(_store.CleanTmp());
        Assert.Null(_store.TryResolve("one", MapKey.Host));
        Assert.All(["blobs/sha256", "names", "tmp", "trees"], directory => Assert.Empty(Directory.GetFileSystemEntries($"{_store.Root}/{directory}")));
        Assert.Contains("no image one", Assert.Throws<CsrunException>(() => _store.Remove("one")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_lost_its_name_goes_when_nothing_uses_it()
    {
        ImageName name = ImageName.Parse("one");
        Digest old = _store.Import(Tarball("a.tar.gz", "old"), name).Digest;
        Unpack(old, MapKey.Host);
        Digest now = _store.Import(Tarball("b.tar.gz", "new"), name).Digest;
        Unpack(now, MapKey.Host);
        using (_store.HoldTree(old, MapKey.Host)!)
        {
            Assert.Empty(_store.RemoveUnnamed());
        }

        Assert.Equal([old], _store.RemoveUnnamed());
        Assert.Null(_store.FindTree(old, MapKey.Host));
        Assert.Empty(_store.CleanTmp());
        Assert.Equal([_store.BlobPath(now)], Directory.GetFileSystemEntries(_store.Root + "/blobs/sha256"));
        Assert.NotNull(_store.TryResolve("one", MapKey.Host)!.TreePath);
    }

    [Fact]
    public void An_unknown_image_leaves_nothing_behind()
    {
        Assert.Throws<CsrunException>(() => _store.Resolve("apline", MapKey.Host, [_tarballs]));
        Assert.False(Directory.Exists(_store.Root));
        Tarball("one-1.0.tar.gz");
        _store.Resolve("one", MapKey.Host, [_tarballs]);
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/locks"));
    }

    [Fact]
    public void A_tree_in_use_is_not_removed()
    {
        Tarball("one-1.0.tar.gz");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        Unpack(digest, MapKey.Host);
        using (SafeFd held = _store.HoldTree(digest, MapKey.Host)!)
        {
            using SafeFd second = _store.HoldTree(digest, MapKey.Host)!;
            Assert.Contains("in use", Assert.Throws<CsrunException>(() => _store.Remove("one")).Message, StringComparison.Ordinal);
            Assert.NotNull(_store.TryResolve("one", MapKey.Host)!.TreePath);
        }

        Assert.True(_store.Remove("one").Deleted);
        Assert.Null(_store.HoldTree(digest, MapKey.Host));
    }

    [Fact]
    public void A_damaged_tarball_is_noticed_before_it_is_unpacked()
    {
        Tarball("one-1.0.tar.gz");
        Digest digest = _store.Resolve("one", MapKey.Host, [_tarballs]).Digest;
        File.AppendAllText(_store.BlobPath(digest), "x");
        Assert.Contains("damaged", Assert.Throws<CsrunException>(() => _store.OpenBlob(digest)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_archive_does_not_come_in()
    {
        File.WriteAllText(Path.Combine(_tarballs, "text-1.tar"), new string('x', 2000));
        Assert.Contains("not a tar archive", Assert.Throws<CsrunException>(() => _store.Resolve("text", MapKey.Host, [_tarballs])).Message, StringComparison.Ordinal);
        Assert.Empty(_store.List());
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/tmp"));
        Assert.Empty(Directory.GetFileSystemEntries(_store.Root + "/blobs/sha256"));

        // Neither do directories and fifos, and a fifo does not hang.
        Tool.Must("mkfifo", Path.Combine(_tarballs, "fifo"));
        Assert.Contains("no regular file", Assert.Throws<CsrunException>(() => _store.Import(Path.Combine(_tarballs, "fifo"), ImageName.Parse("f"))).Why, StringComparison.Ordinal);
        Assert.Contains("directory", Assert.Throws<CsrunException>(() => _store.Import(_tarballs, ImageName.Parse("f"))).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_image_says_where_csrun_looked_and_what_is_close()
    {
        Tarball("fedora-41.tar.gz");
        CsrunException e = Assert.Throws<CsrunException>(() => _store.Resolve("fedroa", MapKey.Host, [_tarballs, "/nonexistent"]));
        Assert.Equal(("no image fedroa:latest", "csrun run fedora", 125), (e.Message, e.Fix, e.ExitCode));
        Assert.Contains(_store.Root, e.Why, StringComparison.Ordinal);
        Assert.Contains($"\"{_tarballs}\", \"/nonexistent\"", e.Why, StringComparison.Ordinal);
        Assert.Contains("registries comes with a later version", e.Why, StringComparison.Ordinal);
        Assert.Contains("make-busybox-image.sh", Assert.Throws<CsrunException>(() => _store.Resolve("busybox", MapKey.Host, [])).Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_another_architecture_is_said()
    {
        string other = MachineArchitecture.Own == "x86_64" ? "aarch64" : "x86_64";
        Tarball($"alpine-minirootfs-3.20.3-{other}.tar.gz");
        CsrunException e = Assert.Throws<CsrunException>(() => _store.Resolve("alpine", MapKey.Host, [_tarballs]));
        Assert.Contains($"this machine is {MachineArchitecture.Own}", e.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_keep_what_is_in_them()
    {
        ImageRecord record = new()
        {
            Name = ImageName.Parse("ghcr.io/a/b:1"),
            Digest = new Digest(new string('a', 64)),
            Source = "/path with\nline end\\and backslash",
            Size = 5,
            Created = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            Config = new ImageConfig { Env = ["A=1", "B=x\ny\\n"], Entrypoint = ["e", ""], Cmd = ["c"], User = "1000:1000", WorkingDir = "/w" },
        };
        ImageRecord read = RecordFile.Parse(RecordFile.Format(record), "test");
        Assert.Equal(record with { Config = ImageConfig.ForTarball }, read with { Config = ImageConfig.ForTarball });
        Assert.Equal(record.Config.Env.AsEnumerable(), read.Config.Env);
        Assert.Equal(record.Config.Entrypoint.AsEnumerable(), read.Config.Entrypoint);
        Assert.Equal((record.Config.User, record.Config.WorkingDir), (read.Config.User, read.Config.WorkingDir));
    }

    [Fact]
    public void Broken_records_are_refused_not_believed()
    {
        string whole = System.Text.Encoding.UTF8.GetString(RecordFile.Format(new ImageRecord
        {
            Name = ImageName.Parse("a"),
            Digest = new Digest(new string('a', 64)),
            Source = "s",
            Size = 5,
            Created = DateTimeOffset.UnixEpoch,
            Config = ImageConfig.ForTarball,
        }));
        foreach (string broken in (ReadOnlySpan<string>)["", "x\n", whole[..^1], whole.Replace("sha256:a", "sha256:/", StringComparison.Ordinal), whole.Replace("size 5", "size x", StringComparison.Ordinal), whole.Replace("name a\n", "", StringComparison.Ordinal)])
        {
            Assert.Throws<CsrunException>(() => RecordFile.Parse(System.Text.Encoding.UTF8.GetBytes(broken), "test"));
        }
    }
}
