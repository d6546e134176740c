using System.Security.Cryptography;
using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Crypto;
using Csrun.Linux.Seccomp;

namespace Csrun.Linux.Tests.Seccomp;

public sealed class SeccompCacheTests : IDisposable
{
    private static readonly SeccompProfile s_profile = new()
    {
        DefaultAction = ScmpAct.SCMP_ACT_ALLOW,
        Rules = [new SeccompRule(["getpid"], ScmpAct.SCMP_ACT_ERRNO)],
    };

    private static readonly SeccompFilter s_filter = new(
        Enumerable.Range(0, 24).Select(i => (byte)i).ToArray(), SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG, ["first", "second"]);

    private readonly string _root = Directory.CreateTempSubdirectory("csrun-seccomp-").FullName;
    private int _compiled;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string CacheDirectory => $"{_root}/a/b";

    private string KeptFile => $"{CacheDirectory}/k-1";

    [Fact]
    public void The_second_time_nothing_is_compiled_and_all_of_it_comes_back()
    {
        Assert.Same(s_filter, Get());
        SeccompFilter kept = Get();
        Assert.Equal(1, _compiled);
        Assert.Equal(s_filter.Program.ToArray(), kept.Program.ToArray());
        Assert.Equal(s_filter.Flags, kept.Flags);
        Assert.Equal(s_filter.Notes.ToArray(), kept.Notes.ToArray());
        Assert.Equal(3, kept.InstructionCount);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeptFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(CacheDirectory));
        Assert.Equal([KeptFile], Directory.GetFileSystemEntries(CacheDirectory));
    }

    [Fact]
    public void A_file_with_any_byte_changed_is_made_anew()
    {
        Get();
        byte[] good = File.ReadAllBytes(KeptFile);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x20;
            File.WriteAllBytes(KeptFile, bad);
            int before = _compiled;
            Get();
            Assert.True(_compiled == before + 1, $"byte {i}");
        }

        Assert.Equal(good, File.ReadAllBytes(KeptFile));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(55)]
    [InlineData(70)]
    public void A_file_cut_short_is_made_anew(int length)
    {
        Get();
        using (FileStream f = File.OpenWrite(KeptFile))
        {
            f.SetLength(length);
        }

        Get();
        Get();
        Assert.Equal(2, _compiled);
    }

    [Fact]
    public void A_file_under_another_key_a_link_a_fifo_and_one_that_others_may_write_are_no_hits()
    {
        Get();
        File.Copy(KeptFile, $"{CacheDirectory}/k-2");
        Get("k-2");
        Assert.Equal(2, _compiled);

        File.Move(KeptFile, $"{_root}/elsewhere");
        File.CreateSymbolicLink(KeptFile, $"{_root}/elsewhere");
        Get();
        Assert.Equal(3, _compiled);
        Assert.Null(new FileInfo(KeptFile).LinkTarget);

        File.SetUnixFileMode(KeptFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Get();
        Assert.Equal(4, _compiled);

        File.Delete(KeptFile);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [KeptFile]))
        {
            mkfifo.WaitForExit();
        }

        Get();
        Assert.Equal(5, _compiled);
    }

    [Fact]
    public void A_filter_of_a_library_that_was_replaced_is_made_anew_and_of_one_that_is_gone_kept()
    {
        string library = $"{_root}/libseccomp.so.2";
        File.WriteAllText(library, "");
        Assert.True(Sys.Statx(null, library, out FileStat stat).Ok);
        LibraryStamp stamp = new(library, stat.ino, stat.mtime.sec);
        Assert.False(stamp.IsStale());
        Assert.True((stamp with { Inode = stat.ino + 1 }).IsStale());
        Assert.True((stamp with { ModifiedSeconds = 1 }).IsStale());
        File.Delete(library);
        Assert.False(stamp.IsStale());

        Get();
        File.WriteAllText(library, "");
        File.WriteAllBytes(KeptFile, SeccompCacheFile.Encode("k-1", s_filter, stamp with { Inode = 1 }));
        Get();
        Assert.Equal(2, _compiled);
    }

    [SeccompFact]
    public void The_loaded_library_is_found()
    {
        SeccompCompiler.Compile(s_profile);
        LibraryStamp stamp = LibraryStamp.OfLoaded();
        Assert.EndsWith("/libseccomp.so.2", stamp.Path, StringComparison.Ordinal);
        Assert.NotEqual(0UL, stamp.Inode);
        Assert.False(stamp.IsStale());
    }

    [Fact]
    public void Where_nothing_can_be_kept_the_filter_is_used_and_a_note_says_so()
    {
        File.WriteAllText($"{_root}/a", "");
        SeccompFilter filter = Get();
        Assert.Equal(s_filter.Program, filter.Program);
        Assert.Equal(3, filter.Notes.Length);
        Assert.Contains("ENOTDIR", filter.Notes[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".")]
    [InlineData("a b")]
    public void A_key_is_a_plain_name(string key) => Assert.Throws<ArgumentException>(() => Get(key));

    [Fact]
    public void Many_at_once_all_get_the_filter_and_leave_one_file()
    {
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 16 }, i =>
        {
            SeccompFilter filter = Get(i % 2 == 0 ? "k-1" : "k-2");
            Assert.Equal(s_filter.Program.ToArray(), filter.Program.ToArray());
            Assert.Equal(s_filter.Notes.ToArray(), filter.Notes.ToArray());
        });
        Assert.Equal([KeptFile, $"{CacheDirectory}/k-2"], Directory.GetFileSystemEntries(CacheDirectory).Order());
    }

    [SeccompFact]
    public void The_default_profile_is_compiled_once_for_sets_that_do_not_differ_where_it_matters()
    {
        SeccompCache cache = new(CacheDirectory);
        SeccompFilter first = cache.GetOrCompileDefault(CapabilitySet.Default, new(6, 12));
        SeccompFilter second = cache.GetOrCompileDefault(CapabilitySet.Default.With(Capability.CAP_NET_ADMIN), new(6, 18));
        Assert.Equal(first.Program.ToArray(), second.Program.ToArray());
        Assert.Single(Directory.GetFiles(CacheDirectory));
        Assert.InRange(first.InstructionCount, 200, 1500);
        Assert.NotEqual(first.Program.ToArray(), cache.GetOrCompileDefault(CapabilitySet.All, new(6, 12)).Program.ToArray());
        Assert.Equal(2, Directory.GetFiles(CacheDirectory).Length);
    }

    [SeccompFact]
    public void Profiles_that_differ_have_keys_that_differ()
    {
        SeccompProfile[] profiles =
        [
            s_profile,
            s_profile with { DefaultAction = ScmpAct.SCMP_ACT_LOG },
            s_profile with { Flags = SeccompFilterFlags.SECCOMP_FILTER_FLAG_LOG },
            s_profile with { Architectures = [ScmpArch.SCMP_ARCH_X86] },
            s_profile with { Rules = [new SeccompRule(["getppid"], ScmpAct.SCMP_ACT_ERRNO)] },
            s_profile with { Rules = [new SeccompRule(["getpid"], ScmpAct.SCMP_ACT_ERRNO, 2)] },
            s_profile with { Rules = [new SeccompRule(["getpid"], ScmpAct.SCMP_ACT_ERRNO, 1, [new SeccompArg(0, 1, 0, ScmpCompare.SCMP_CMP_EQ)])] },
            s_profile with { Rules = [new SeccompRule(["get", "pid"], ScmpAct.SCMP_ACT_ERRNO)] },
            s_profile with { Rules = [] },
        ];
        Assert.Equal(profiles.Length, profiles.Select(SeccompKey.Of).Distinct().Count());
        SeccompCache cache = new(CacheDirectory);
        cache.GetOrCompile(s_profile);
        cache.GetOrCompile(s_profile with { });
        Assert.Single(Directory.GetFiles(CacheDirectory));
        Assert.NotEqual(
            SeccompKey.OfFile("{}"u8, CapabilitySet.Default, new(6, 12)), SeccompKey.OfFile("{}"u8, CapabilitySet.All, new(6, 12)));
        Assert.NotEqual(
            SeccompKey.OfFile("{}"u8, CapabilitySet.Default, new(6, 12)), SeccompKey.OfFile("{ }"u8, CapabilitySet.Default, new(6, 12)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(1000)]
    public void The_hash_is_SHA_256(int length)
    {
        byte[] data = Encoding.ASCII.GetBytes(new string('x', length));
        Assert.Equal(SHA256.HashData(data), ManagedSha256.Of(data));
    }

    private SeccompFilter Get(string key = "k-1") =>
        new SeccompCache(CacheDirectory, p =>
        {
            Interlocked.Increment(ref _compiled);
            return s_filter;
        }).GetOrCompile(key, () => s_profile);
}
