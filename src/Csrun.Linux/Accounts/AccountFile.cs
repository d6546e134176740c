using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Accounts;

/// <summary>Reads account files of the host. Those of an image are opened inside its root, by whoever has that root.</summary>
internal static class AccountFile
{
    /// <summary>The whole file; nothing when it does not exist.</summary>
    /// <exception cref="KernelException">It exists and cannot be read.</exception>
    /// <exception cref="CsrunException">It is larger than any account file.</exception>
    public static ReadOnlySpan<byte> Read(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY);
        if (opened.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return default;
        }

        using SafeFd fd = opened.FdOrThrow("openat2", path);
        byte[] buffer = new byte[4096];
        int length = 0;
        while (true)
        {
            int count = (int)Sys.Read(fd, buffer.AsSpan(length)).OrThrow("read", path);
            if (count == 0)
            {
                return buffer.AsSpan(0, length);
            }

            length += count;
            if (length > AccountLines.MaxBytes)
            {
                throw new CsrunException($"\"{path}\" is too large", $"csrun reads account files of up to {AccountLines.MaxBytes} bytes");
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 4);
            }
        }
    }
}
