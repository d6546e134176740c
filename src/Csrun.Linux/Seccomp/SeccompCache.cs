using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Seccomp;

/// <summary>Keeps compiled filters in a directory, one file each: compiling takes milliseconds, reading a few microseconds.</summary>
public sealed class SeccompCache
{
    private static int s_temporaries;
    private readonly string _directory;
    private readonly Func<SeccompProfile, SeccompFilter> _compile;

    /// <summary>A cache in a directory, which is made (0700) when there is something to keep.</summary>
    public SeccompCache(string directory) : this(directory, SeccompCompiler.Compile)
    {
    }

    internal SeccompCache(string directory, Func<SeccompProfile, SeccompFilter> compile)
    {
        _directory = directory;
        _compile = compile;
    }

    /// <summary>The filter of a profile.</summary>
    /// <exception cref="CsrunException">It has to be compiled, and libseccomp is missing or refuses it.</exception>
    public SeccompFilter GetOrCompile(SeccompProfile profile) => GetOrCompile(SeccompKey.Of(profile), () => profile);

    /// <summary>The filter of the default profile (<see cref="DefaultSeccompProfile"/>).</summary>
    /// <param name="capabilities">The container's bounding set.</param>
    /// <param name="kernel">The machine's kernel.</param>
    /// <exception cref="CsrunException">It has to be compiled, and libseccomp is missing.</exception>
    public SeccompFilter GetOrCompileDefault(CapabilitySet capabilities, KernelVersion kernel)
    {
        Architecture architecture = RuntimeInformation.ProcessArchitecture;
        return GetOrCompile(
            DefaultSeccompProfile.Key(capabilities, architecture, kernel),
            () => DefaultSeccompProfile.For(capabilities, architecture, kernel));
    }

    /// <summary>The filter kept under a key, or the profile's, compiled and kept.</summary>
    /// <param name="key">A file name of letters, digits and hyphens that stands for all that the profile depends on (<see cref="SeccompKey"/>).</param>
    /// <param name="profile">Makes the profile; not called when the filter is there.</param>
    /// <exception cref="CsrunException">It has to be compiled, and libseccomp is missing or refuses it.</exception>
    public SeccompFilter GetOrCompile(string key, Func<SeccompProfile> profile)
    {
        foreach (char c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '-')
            {
                throw new ArgumentException($"not a cache key: \"{key}\"", nameof(key));
            }
        }

        if (TryRead(key, out SeccompFilter? kept))
        {
            return kept!;
        }

        SeccompFilter filter = _compile(profile());
        string? failure = Keep(key, filter);
        return failure is null ? filter : filter with { Notes = filter.Notes.Add(failure) };
    }

    private bool TryRead(string key, out SeccompFilter? filter)
    {
        filter = null;
        SysResult opened = Sys.Openat2(null, $"{_directory}/{key}", OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK);
        if (!opened.Ok)
        {
            return false;
        }

        using SafeFd fd = new(opened.Int);
        // Only a file that this user wrote, and nobody else could change, decides what a container may call.
        if (!Sys.Statx(fd, "\0"u8, out FileStat stat).Ok
            || !stat.IsRegular
            || stat.uid != (uint)Sys.Call(Syscall.geteuid).Value
            || (stat.mode & 0x12) != 0 // 0022
            || stat.size > SeccompCacheFile.MaxSize)
        {
            return false;
        }

        byte[] file = new byte[stat.size];
        int total = 0;
        while (total < file.Length)
        {
            SysResult read = Sys.Read(fd, file.AsSpan(total));
            if (!read.Ok || read.Int == 0)
            {
                return false;
            }

            total += read.Int;
        }

        return SeccompCacheFile.TryDecode(key, file, out filter, out LibraryStamp library) && !library.IsStale();
    }

    // A filter that cannot be kept is still a filter: the answer is a note, not a failure.
    private string? Keep(string key, SeccompFilter filter)
    {
        SysResult result = MakeDirectories(_directory);
        if (!result.Ok)
        {
            return Failed("mkdir", result.Errno);
        }

        byte[] bytes = SeccompCacheFile.Encode(key, filter, LibraryStamp.OfLoaded());
        string temporary = $"{_directory}/.{key}.{Environment.ProcessId}-{Interlocked.Increment(ref s_temporaries)}";
        // Left over by a killed process that had this one's number.
        Sys.Unlinkat(null, temporary);
        result = Sys.Openat2(null, temporary, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x180); // 0600
        if (!result.Ok)
        {
            return Failed("open", result.Errno);
        }

        using (SafeFd fd = new(result.Int))
        {
            for (int total = 0; total < bytes.Length && result.Ok; total += result.Int)
            {
                result = Sys.Write(fd, bytes.AsSpan(total));
            }
        }

        if (result.Ok)
        {
            result = Sys.Renameat2(null, temporary, null, $"{_directory}/{key}");
        }

        if (result.Ok)
        {
            return null;
        }

        Sys.Unlinkat(null, temporary);
        return Failed("write", result.Errno);

        string Failed(string call, Errno errno) =>
            $"seccomp: the compiled filter is not kept: {call} \"{_directory}/{key}\": {errno} ({errno.Describe()})";
    }

    private static SysResult MakeDirectories(string path)
    {
        SysResult result = Sys.Mkdirat(null, path, 0x1c0); // 0700
        int slash = path.LastIndexOf('/');
        if (result.Errno == Errno.ENOENT && slash > 0)
        {
            result = MakeDirectories(path[..slash]);
            result = result.Ok ? Sys.Mkdirat(null, path, 0x1c0) : result;
        }

        return result.Errno == Errno.EEXIST ? new SysResult(0, Errno.None) : result;
    }
}
