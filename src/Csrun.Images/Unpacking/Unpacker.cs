using Csrun.Images.Compression;
using Csrun.Images.Tar;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Unpacking;

/// <summary>Unpacks a root file system tarball into a directory, every path resolved inside it.</summary>
public static class Unpacker
{
    /// <summary>Unpacks what a descriptor holds, from where it stands.</summary>
    /// <param name="tarball">The archive, plain or compressed with gzip, zstd or xz; not closed.</param>
    /// <param name="destination">The directory that becomes the root; not O_PATH, not closed. Its owner and mode are set only by the archive's own entry for the root.</param>
    /// <param name="options">Limits and modes.</param>
    /// <param name="observer">Is told the progress; may be null.</param>
    /// <exception cref="TarFormatException">The archive is corrupt, cut, hostile or too large. What was unpacked by then is the caller's to remove (<see cref="TreeRemover"/>).</exception>
    /// <exception cref="CsrunException">An owner is not mapped into this user namespace [IMAGE_ID_EXCEEDS_RANGE].</exception>
    /// <exception cref="KernelException">The disk is full, or another system call failed.</exception>
    public static UnpackResult Unpack(SafeFd tarball, SafeFd destination, UnpackOptions options, IUnpackObserver? observer = null)
    {
        using FdStream stream = new(tarball, "tarball");
        return Unpack(stream, destination, options, observer);
    }

    /// <summary>Unpacks what a stream holds.</summary>
    /// <inheritdoc cref="Unpack(SafeFd, SafeFd, UnpackOptions, IUnpackObserver?)"/>
    public static UnpackResult Unpack(Stream tarball, SafeFd destination, UnpackOptions options, IUnpackObserver? observer = null)
    {
        using CompressedInput compressed = new(tarball, observer, options.CompressedSize);
        (Stream plain, bool isCompressed) = Decompression.Open(compressed);
        using (plain)
        using (TarInput input = new(plain, options.Limits, isCompressed ? () => compressed.BytesRead : null))
        using (TarReader reader = new(input, options.Limits, options.RequireEndMarker))
        using (TreeWriter writer = new(reader, destination, options))
        {
            TarEntry entry = new();
            while (reader.Next(entry))
            {
                writer.Write(entry);
            }

            return writer.Finish();
        }
    }

    /// <summary>Makes an empty root directory, 0755, for <see cref="Unpack(SafeFd, SafeFd, UnpackOptions, IUnpackObserver?)"/>; it belongs to whoever calls.</summary>
    /// <param name="parent">The directory it goes into.</param>
    /// <param name="name">Its name, one component.</param>
    public static SafeFd CreateRoot(SafeFd parent, string name)
    {
        Sys.Mkdirat(parent, name, FileModes.Rwxr_xr_x).OrThrow("mkdirat", name);
        SafeFd root = Sys.Openat2(parent, name, OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, resolve: ResolveFlags.RESOLVE_BENEATH).FdOrThrow("openat2", name);
        Sys.Fchmod(root, FileModes.Rwxr_xr_x).OrThrow("fchmod", name);
        return root;
    }
}
