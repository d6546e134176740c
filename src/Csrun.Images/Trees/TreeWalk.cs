using System.Buffers.Binary;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Trees;

/// <summary>Goes through a tree by descriptors: no symbolic link is followed, no mount point crossed unless asked, whatever lies in it.</summary>
/// <param name="crossMounts">Whether what is mounted in the tree belongs to it.</param>
public abstract class TreeWalk(bool crossMounts)
{
    // Directories are opened by their path below a descriptor; where that gets long, by a path below a nearer one.
    private const int LongPath = 3000;

    private readonly ResolveFlags _stay = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS
        | (crossMounts ? 0 : ResolveFlags.RESOLVE_NO_XDEV);

    /// <summary>Goes through what a name in a directory stands for, itself first.</summary>
    /// <param name="parent">The directory.</param>
    /// <param name="path">A path below it, with its terminating zero; its last component is never followed.</param>
    /// <param name="display">The path for messages.</param>
    protected void Walk(SafeFd parent, byte[] path, string display)
    {
        if (!Sys.Statx(parent, "\0"u8, out FileStat above).Ok)
        {
            return;
        }

        Stack<(byte[] Path, string Display)> open = new();
        Look(parent, path, display, path.AsSpan().Contains((byte)'/') ? null : above.mnt_id, open);
        while (!Enough && open.TryPop(out (byte[] Path, string Display) directory))
        {
            SysResult opened = Sys.Openat2(parent, directory.Path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, _stay);
            if (!opened.Ok)
            {
                Failed(directory.Display, opened.Errno);
                continue;
            }

            using SafeFd fd = new(opened.Int);
            Content(fd, directory, open);
        }
    }

    /// <summary>A file, directory or link of the tree.</summary>
    /// <param name="file">It, opened with O_PATH.</param>
    /// <param name="stat">What it is.</param>
    /// <param name="display">Its path for messages.</param>
    protected abstract void Visit(SafeFd file, in FileStat stat, string display);

    /// <summary>Something is mounted here, and mounts are not crossed.</summary>
    protected abstract void MountPoint(string display);

    /// <summary>It could not be looked at.</summary>
    protected abstract void Failed(string display, Errno errno);

    /// <summary>Whether enough is known, and the rest of the tree need not be gone through.</summary>
    protected virtual bool Enough => false;

    private void Content(SafeFd directory, (byte[] Path, string Display) place, Stack<(byte[] Path, string Display)> open)
    {
        if (!Sys.Statx(directory, "\0"u8, out FileStat above).Ok)
        {
            return;
        }

        bool anew = place.Path.Length > LongPath;
        byte[] buffer = new byte[16384];
        SysResult read;
        while ((read = Sys.Getdents64(directory, buffer)).Ok && read.Int > 0)
        {
            for (int at = 0; at < read.Int && !Enough;)
            {
                // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
                int record = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                ReadOnlySpan<byte> name = buffer.AsSpan((at + 19)..(at + record));
                name = name[..(name.IndexOf((byte)0) + 1)];
                at += record;
                if (name is [(byte)'.', 0] or [(byte)'.', (byte)'.', 0])
                {
                    continue;
                }

                string display = $"{place.Display}/{TarEntry.Display(name[..^1])}";
                if (anew)
                {
                    Walk(directory, name.ToArray(), display);
                }
                else
                {
                    Stack<(byte[] Path, string Display)> found = new(1);
                    Look(directory, name.ToArray(), display, above.mnt_id, found);
                    if (found.TryPop(out (byte[] Path, string Display) child))
                    {
                        open.Push(([.. place.Path.AsSpan()[..^1], (byte)'/', .. child.Path], child.Display));
                    }
                }
            }
        }

        if (!read.Ok)
        {
            Failed(place.Display, read.Errno);
        }
    }

    private void Look(SafeFd parent, byte[] path, string display, ulong? mount, Stack<(byte[] Path, string Display)> directories)
    {
        SysResult opened = Sys.Openat2(parent, path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW, 0, _stay);
        if (opened.Errno == Errno.EXDEV)
        {
            MountPoint(display);
            return;
        }

        if (!opened.Ok)
        {
            if (opened.Errno != Errno.ENOENT)
            {
                Failed(display, opened.Errno);
            }

            return;
        }

        using SafeFd file = new(opened.Int);
        Sys.Statx(file, "\0"u8, out FileStat stat).OrThrow("statx", display);
        if (!crossMounts && mount is { } own && stat.mnt_id != own)
        {
            MountPoint(display);
            return;
        }

        Visit(file, stat, display);
        if (stat.IsDirectory)
        {
            directories.Push((path, display));
        }
    }
}
