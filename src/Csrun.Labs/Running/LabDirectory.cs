using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Labs.Running;

/// <summary>The directory of one <c>csrun lab run</c>, locked from birth so that a later one sees whether anybody still works there.</summary>
/// <remarks>flock(2) ends with the process: SIGKILL leaves a directory without a lock.</remarks>
internal sealed class LabDirectory : IDisposable
{
    private const string Prefix = "csrun-lab-";
    private const string KeptMark = ".kept";
    private const int Attempts = 100;
    private const OpenFlags Opening = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW;

    private readonly SafeFd _locked;

    private LabDirectory(string path, SafeFd locked) => (Path, _locked) = (path, locked);

    /// <summary>Where it is.</summary>
    internal string Path { get; }

    // Not /tmp, which may be in memory: older kernels cannot map the IDs of tmpfs, or stack an overlay on it.
    private static string Parent => Environment.GetEnvironmentVariable("TMPDIR") is ['/', ..] chosen ? chosen : "/var/tmp";

    /// <summary>Makes a new one.</summary>
    /// <param name="keep">Whether it stays for its reader when the labs have ended.</param>
    /// <exception cref="CsrunException">It cannot be made.</exception>
    internal static LabDirectory Make(bool keep)
    {
        for (int attempt = 0; ; attempt++)
        {
            string path = $"{Parent}/{Prefix}{Random()}";
            Sys.Mkdirat(null, path, 0x1c0).OrThrow("mkdirat", path, null, "name a directory that you may write in: TMPDIR=DIR csrun lab run ...");
            SysResult opened = Sys.Openat2(null, path, Opening);
            if (opened.Ok)
            {
                SafeFd directory = new(opened.Int);
                // Between making and locking, another csrun may have taken it for abandoned: then its lock is held or its name is gone.
                if (Sys.Flock(directory, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok && Sys.Statx(null, path, out _).Ok)
                {
                    if (keep)
                    {
                        using SafeFd mark = Sys.Openat2(directory, KeptMark, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0x180).FdOrThrow("openat2", $"{path}/{KeptMark}");
                    }

                    return new LabDirectory(path, directory);
                }

                directory.Dispose();
            }

            if (attempt == Attempts)
            {
                throw new CsrunException($"no directory for the labs in {Parent}", $"each of {Attempts} that were made there was taken away at once");
            }
        }
    }

    /// <summary>The directories of this user that nobody works in any more and that nobody wanted to keep, each locked while it is looked at.</summary>
    internal static IEnumerable<LabDirectory> Abandoned()
    {
        foreach (string path in Directory.EnumerateDirectories(Parent, Prefix + "*"))
        {
            SysResult opened = Sys.Openat2(null, path, Opening);
            if (!opened.Ok)
            {
                continue;
            }

            using LabDirectory directory = new(path, new SafeFd(opened.Int));
            if (Sys.Statx(directory._locked, "\0"u8, out FileStat stat).Ok && stat.uid == Sys.Geteuid()
                && Sys.Flock(directory._locked, FlockOperation.LOCK_EX | FlockOperation.LOCK_NB).Ok
                && Sys.Statx(directory._locked, KeptMark, out _).Errno == Errno.ENOENT)
            {
                yield return directory;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _locked.Dispose();

    private static string Random()
    {
        Span<byte> random = stackalloc byte[5];
        Sys.Getrandom(random);
        return Convert.ToHexStringLower(random);
    }
}
