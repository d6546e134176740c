using Csrun.Linux;
using Csrun.Linux.Compression;
using Csrun.Linux.Handles;

namespace Csrun.Images.Compression;

/// <summary>Reads a descriptor from where it stands; does not own it.</summary>
/// <remarks>Not FileStream: that checks the file's type and keeps a position of its own.</remarks>
internal sealed class FdStream(SafeFd fd, string name) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => (int)Sys.Read(fd, buffer).OrThrow("read", name);
}
