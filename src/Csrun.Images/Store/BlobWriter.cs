using Csrun.Images.Compression;
using Csrun.Images.Tar;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Crypto;
using Csrun.Linux.Handles;

namespace Csrun.Images.Store;

/// <summary>Copies a tarball into the store's tmp/ and digests it in the same pass; publishes it by rename.</summary>
internal sealed class BlobWriter : IDisposable
{
    private const int ChunkSize = 256 * 1024;
    private readonly string _path;
    private readonly SafeFd _fd;
    private readonly Sha256 _digest = new();
    private bool _published;

    internal BlobWriter(string tmp)
    {
        (_fd, _path) = TemporaryName.CreateFile(tmp, "blob");
    }

    internal long Size { get; private set; }

    internal void Write(ReadOnlySpan<byte> data)
    {
        _digest.Update(data);
        Size += data.Length;
        while (!data.IsEmpty)
        {
            SysResult written = Sys.Write(_fd, data);
            if (!written.Ok)
            {
                throw new KernelException("write", _path, written.Errno, UnpackErrors.Why(written.Errno), UnpackErrors.Fix(written.Errno));
            }

            data = data[written.Int..];
        }
    }

    /// <summary>Copies all that is left of <paramref name="source"/>.</summary>
    internal void CopyFrom(SafeFd source, string name, long limit)
    {
        byte[] buffer = new byte[ChunkSize];
        int read;
        while ((read = (int)Sys.Read(source, buffer).OrThrow("read", name)) > 0)
        {
            Write(buffer.AsSpan(0, read));
            if (Size > limit)
            {
                throw new CsrunException($"the archive \"{name}\" is larger than {limit} bytes");
            }
        }
    }

    /// <summary>The digest of what was written; nothing can be added any more.</summary>
    internal Digest Finish() => new(_digest.Finish());

    /// <summary>Refuses what does not begin like a tar archive, before it is kept under any name.</summary>
    internal void CheckIsArchive(string name)
    {
        Sys.Lseek(_fd, 0, 0).OrThrow("lseek", _path);
        try
        {
            TarLimits limits = new();
            using FdStream file = new(_fd, name);
            using CompressedInput compressed = new(file, null, Size);
            (Stream plain, _) = Decompression.Open(compressed);
            using (plain)
            using (TarInput input = new(plain, limits, null))
            using (TarReader reader = new(input, limits, requireEnd: false))
            {
                reader.Next(new TarEntry());
            }
        }
        catch (TarFormatException e)
        {
            throw new CsrunException($"\"{name}\" cannot be used as an image: {e.Message}", e.Why, e.Fix, inner: e);
        }
    }

    /// <summary>Puts the file where its digest says.</summary>
    internal void Publish(string destination)
    {
        Sys.Renameat2(null, _path, null, destination).OrThrow("renameat2", destination);
        _published = true;
    }

    internal static Digest DigestOf(SafeFd fd, string name)
    {
        using Sha256 digest = new();
        byte[] buffer = new byte[ChunkSize];
        int read;
        while ((read = (int)Sys.Read(fd, buffer).OrThrow("read", name)) > 0)
        {
            digest.Update(buffer.AsSpan(0, read));
        }

        return new Digest(digest.Finish());
    }

    public void Dispose()
    {
        if (!_published)
        {
            Sys.Unlinkat(null, _path);
        }

        _digest.Dispose();
        _fd.Dispose();
    }
}
