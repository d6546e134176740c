using System.Text;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Unpacking;

/// <summary>Open descriptors of directories inside the root, by path: members of one directory follow each other.</summary>
/// <remarks>A cached path stays true as long as nothing that exists is removed; whoever removes calls <see cref="Invalidate"/>.</remarks>
internal sealed class DirectoryCache : IDisposable
{
    private const int Capacity = 64;
    // A rename anywhere on the machine makes openat2 give EAGAIN when it resolves ".." of a symbolic link (openat2(2)).
    private const int Attempts = 1000;

    private const ResolveFlags InRoot = ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_XDEV;

    private readonly SafeFd _root;
    private readonly Dictionary<string, Slot> _open = new(Capacity, StringComparer.Ordinal);
    private byte[] _lastPath = [];
    private SafeFd? _last;
    private long _clock;
    private bool _stale;

    internal DirectoryCache(SafeFd root) => _root = root;

    private sealed class Slot(SafeFd fd)
    {
        public SafeFd Fd { get; } = fd;
        public long Used { get; set; }
    }

    /// <summary>The directory at <paramref name="path"/>, O_PATH; made with its parents where it is missing.</summary>
    /// <returns>A descriptor that the cache owns; valid until the next call.</returns>
    internal SafeFd Open(ReadOnlySpan<byte> path, TarEntry entry)
    {
        if (_stale)
        {
            Clear();
        }

        if (path.IsEmpty)
        {
            return _root;
        }

        if (_last is not null && path.SequenceEqual(_lastPath))
        {
            return _last;
        }

        string key = Encoding.Latin1.GetString(path);
        if (!_open.TryGetValue(key, out Slot? slot))
        {
            slot = Add(key, OpenOrMake(path, entry));
        }

        slot.Used = ++_clock;
        _lastPath = path.ToArray();
        _last = slot.Fd;
        return slot.Fd;
    }

    /// <summary>Opens a path inside the root without making anything.</summary>
    internal SysResult TryOpen(ReadOnlySpan<byte> path, OpenFlags flags)
    {
        Span<byte> zero = path.Length < 512 ? stackalloc byte[path.Length + 1] : new byte[path.Length + 1];
        path.CopyTo(zero);
        zero[path.Length] = 0;
        SysResult result;
        int attempt = 0;
        do
        {
            result = Sys.Openat2(_root, zero, flags, resolve: InRoot);
        }
        while (result.Errno == Errno.EAGAIN && ++attempt < Attempts);
        return result;
    }

    /// <summary>Something that existed was removed, so a path may lead elsewhere now. The descriptor of the last <see cref="Open"/> stays valid until the next.</summary>
    internal void Invalidate() => _stale = true;

    /// <summary>Closes every descriptor.</summary>
    internal void Clear()
    {
        _stale = false;
        foreach (Slot slot in _open.Values)
        {
            slot.Fd.Dispose();
        }

        _open.Clear();
        _last = null;
    }

    public void Dispose() => Clear();

    private Slot Add(string key, SafeFd fd)
    {
        if (_open.Count >= Capacity)
        {
            string oldest = "";
            long used = long.MaxValue;
            foreach ((string candidate, Slot slot) in _open)
            {
                if (slot.Used < used)
                {
                    (oldest, used) = (candidate, slot.Used);
                }
            }

            _open.Remove(oldest, out Slot? evicted);
            evicted!.Fd.Dispose();
        }

        Slot added = new(fd);
        _open.Add(key, added);
        return added;
    }

    private SafeFd OpenOrMake(ReadOnlySpan<byte> path, TarEntry entry)
    {
        const OpenFlags Flags = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY;
        SysResult result = TryOpen(path, Flags);
        for (int end = 0; result.Errno == Errno.ENOENT && end < path.Length;)
        {
            // A parent that the archive does not list: made as tar makes it, 0755 and the unpacker's.
            int slash = path[(end + 1)..].IndexOf((byte)'/');
            int start = end;
            end = slash < 0 ? path.Length : end + 1 + slash;
            SysResult prefix = TryOpen(path[..end], Flags);
            if (prefix.Ok)
            {
                new SafeFd(prefix.Int).Dispose();
                continue;
            }

            if (prefix.Errno != Errno.ENOENT)
            {
                result = prefix;
                break;
            }

            using SafeFd? above = start == 0 ? null : TryOpen(path[..start], Flags).FdOrThrow("openat2", Inside(path[..start]));
            byte[] name = [.. path[(start == 0 ? 0 : start + 1)..end], 0];
            SysResult made = Sys.Mkdirat(above ?? _root, name, FileModes.Rwxr_xr_x);
            if (made.Errno == Errno.EEXIST)
            {
                throw new TarFormatException(
                    $"entry \"{entry.DisplayName}\" cannot be unpacked",
                    $"\"{TarEntry.Display(path[..end])}\" is a symbolic link to something that does not exist inside the root file system",
                    offset: entry.Offset);
            }

            made.OrThrow("mkdirat", Inside(path[..end]), UnpackErrors.Why(made.Errno), UnpackErrors.Fix(made.Errno));
            // Past the umask; the name was made just now, so it is no link.
            Sys.Fchmodat(above ?? _root, name, FileModes.Rwxr_xr_x);
            result = TryOpen(path, Flags);
        }

        if (result.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV)
        {
            throw new TarFormatException(
                $"entry \"{entry.DisplayName}\" cannot be unpacked",
                result.Errno switch
                {
                    Errno.ENOTDIR => $"\"{TarEntry.Display(path)}\", the directory it goes into, is or passes something that is no directory",
                    Errno.ELOOP => $"\"{TarEntry.Display(path)}\", the directory it goes into, is a loop of symbolic links",
                    _ => $"\"{TarEntry.Display(path)}\", the directory it goes into, lies on another mount",
                },
                offset: entry.Offset);
        }

        return result.FdOrThrow("openat2", Inside(path), UnpackErrors.Why(result.Errno), UnpackErrors.Fix(result.Errno));
    }

    private static string Inside(ReadOnlySpan<byte> path) => TarEntry.Display(path);
}
