using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;

namespace Csrun.Terminal;

/// <summary>Writes UTF-8 text to a descriptor with write(2).</summary>
/// <remarks>System.Console costs start-up time, a thread for signals and terminal settings of its own; the launch path has none of these.</remarks>
internal sealed class FdWriter(int fd) : TextWriter
{
    private readonly StringBuilder _pending = new();

    /// <summary>stdout: data.</summary>
    internal static FdWriter Stdout { get; } = new(1);

    /// <summary>stderr: everything else.</summary>
    internal static FdWriter Stderr { get; } = new(2);

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value) => _pending.Append(value);

    /// <inheritdoc/>
    public override void Write(string? value) => _pending.Append(value);

    /// <inheritdoc/>
    public override void WriteLine(string? value) => _pending.Append(value).Append('\n');

    /// <summary>Writes what is pending. A reader that has gone away (EPIPE) or a closed descriptor is no failure of csrun's.</summary>
    public override void Flush()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(_pending.ToString());
        _pending.Clear();
        for (int done = 0; done < bytes.Length;)
        {
            SysResult written = Sys.Write(fd, bytes.AsSpan(done));
            if (written.Ok)
            {
                done += written.Int;
            }
            else if (written.Errno is Errno.EPIPE or Errno.EBADF or Errno.EIO)
            {
                return;
            }
            else if (written.Errno != Errno.EAGAIN)
            {
                throw new KernelException($"write({fd})", null, written.Errno);
            }
            else
            {
                // The terminal belongs to others too, and one of them made it non-blocking: wait for it.
                Thread.Sleep(1);
            }
        }
    }
}
