using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Host;

namespace Csrun.Engine;

/// <summary>A file that an option names.</summary>
internal static class NamedFile
{
    // Far above any configuration or profile; a device or a wrong file must not fill the memory.
    private const int Limit = 16 << 20;

    /// <summary>Its content.</summary>
    /// <param name="option">The option with its value, for the message.</param>
    /// <param name="path">The file; a pipe as well.</param>
    /// <exception cref="CsrunException">It cannot be read, or is too large.</exception>
    internal static byte[] Read(string option, string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            string full = Path.GetFullPath(path);
            throw new CsrunException(
                $"{option}: {opened.Errno} ({opened.Errno.Describe()})",
                opened.Errno == Errno.ENOENT ? $"\"{full}\" does not exist" : null,
                $"ls -l '{full.Replace("'", "'\\''", StringComparison.Ordinal)}'");
        }

        using SafeFd fd = new(opened.Int);
        byte[] content = SmallFile.ReadAll(fd, Limit) ?? throw new CsrunException($"{option} cannot be read", "it is a directory, or the disk has a fault");
        return content.Length < Limit ? content : throw new CsrunException($"{option} is too large", $"csrun reads up to {Limit >> 20} MiB");
    }
}
