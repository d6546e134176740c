using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>Which libseccomp compiled a filter: a newer one knows more system calls, so its filters differ.</summary>
/// <param name="Path">Where libseccomp.so.2 was loaded from, without following the link at its end; empty when that is not known.</param>
/// <param name="Inode">The link's inode number.</param>
/// <param name="ModifiedSeconds">The link's time of modification.</param>
internal readonly record struct LibraryStamp(string Path, ulong Inode, long ModifiedSeconds)
{
    /// <summary>The library that this process has loaded.</summary>
    internal static LibraryStamp OfLoaded()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int path = line.IndexOf('/', StringComparison.Ordinal);
            int name = line.LastIndexOf('/') + 1;
            if (path > 0 && line.AsSpan(name).StartsWith("libseccomp.so", StringComparison.Ordinal))
            {
                // The link that the linker looks for: a package update replaces it, whatever the file behind it is called.
                string link = string.Concat(line.AsSpan(path, name - path), LibSeccomp.FileName);
                return Sys.Statx(null, link, out FileStat stat).Ok ? new LibraryStamp(link, stat.ino, stat.mtime.sec) : default;
            }
        }

        return default;
    }

    /// <summary>Whether the library has been replaced since. One that is gone has not: the filter still serves, and nothing could make another.</summary>
    internal bool IsStale() =>
        Path.Length != 0
        && Sys.Statx(null, Path, out FileStat stat).Ok
        && (stat.ino != Inode || stat.mtime.sec != ModifiedSeconds);
}
