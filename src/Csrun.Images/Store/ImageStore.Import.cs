using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

public sealed partial class ImageStore
{
    // Compressed; what comes out has limits of its own.
    private const long TarballLimit = 32L << 30;

    /// <summary>Takes a tarball into the store under a name; an image that had the name before loses it.</summary>
    /// <param name="tarball">The file's path.</param>
    /// <param name="name">The name it gets.</param>
    /// <exception cref="CsrunException">It is missing, no file, or no tar archive.</exception>
    public ImageRecord Import(string tarball, ImageName name)
    {
        // O_NONBLOCK: a fifo of that name must not hang csrun.
        SysResult opened = Sys.Openat2(null, tarball, OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY);
        using SafeFd fd = opened.FdOrThrow("openat2", tarball, opened.Ok ? null : PathDiagnosis.Explain(tarball, opened.Errno)?.Why, opened.Errno == Errno.EACCES ? $"ls -l '{tarball}'; chmod a+r '{tarball}'" : null);
        Sys.Statx(fd, "\0"u8, out FileStat stat).OrThrow("statx", tarball);
        if (!stat.IsRegular)
        {
            throw new CsrunException($"\"{tarball}\" cannot be used as an image", stat.IsDirectory ? "it is a directory, not a tarball" : "it is no regular file", stat.IsDirectory ? $"csrun run --rootfs '{tarball}'" : null);
        }

        return Import(fd, Path.GetFullPath(tarball), name);
    }

    /// <summary>Takes a tarball into the store, read from a descriptor (a pipe, say) to its end.</summary>
    /// <param name="tarball">The descriptor; not closed.</param>
    /// <param name="source">Where it came from, for the record.</param>
    /// <param name="name">The name it gets.</param>
    /// <param name="expected">The digest it must have, or null.</param>
    public ImageRecord Import(SafeFd tarball, string source, ImageName name, Digest? expected = null)
    {
        EnsureLayout();
        using BlobWriter blob = new($"{Root}/tmp");
        blob.CopyFrom(tarball, source, TarballLimit);
        return Keep(blob, source, name, expected, ImageConfig.ForTarball);
    }

    private ImageRecord Keep(BlobWriter blob, string source, ImageName name, Digest? expected, ImageConfig config)
    {
        Digest digest = blob.Finish();
        if (expected is { } wanted && wanted != digest)
        {
            throw new CsrunException(
                $"\"{source}\" is not the archive it should be",
                $"its digest is {digest}, expected is {wanted}; the copy was removed",
                "check the connection (a proxy that rewrites downloads?) and run the command again");
        }

        blob.CheckIsArchive(source);
        // A tarball without a name is there to be removed: the two appear together for whoever removes.
        using SafeFd guard = LockBlobs(FlockOperation.LOCK_SH);
        blob.Publish(BlobPath(digest));
        ImageRecord record = new()
        {
            Name = name,
            Digest = digest,
            Source = source,
            Size = blob.Size,
            Created = DateTimeOffset.UtcNow,
            Config = config,
        };
        WriteRecord(record);
        return record;
    }

    private SafeFd LockBlobs(FlockOperation operation)
    {
        SafeFd blobs = Sys.Openat2(null, $"{Root}/blobs/sha256", Directory).FdOrThrow("openat2", $"{Root}/blobs/sha256");
        Sys.Flock(blobs, operation).OrThrow("flock", $"{Root}/blobs/sha256");
        return blobs;
    }

    private void WriteRecord(ImageRecord record)
    {
        (SafeFd fd, string path) = TemporaryName.CreateFile($"{Root}/tmp", "name");
        using (fd)
        {
            byte[] content = RecordFile.Format(record);
            SysResult written = Sys.Write(fd, content);
            if (!written.Ok || written.Int != content.Length)
            {
                Sys.Unlinkat(null, path);
                Errno errno = written.Ok ? Errno.ENOSPC : written.Errno;
                throw new KernelException("write", path, errno, UnpackErrors.Why(errno), UnpackErrors.Fix(errno));
            }

            Sys.Renameat2(null, path, null, $"{Root}/names/{record.Name.FileName}").OrThrow("renameat2", path);
        }
    }
}
