using System.Text;
using Csrun.Linux;

namespace Csrun.Terminal;

/// <summary>A line on the terminal that says how far some work is, once it takes more than half a second; erased at the end.</summary>
internal sealed class ProgressLine(string what) : IDisposable
{
    private static readonly bool s_terminal = Sys.GetWindowSize(2).Ok;
    private readonly long _start = Environment.TickCount64;
    private long _last;
    private bool _shown;

    /// <summary>Shows the progress, at most ten times a second.</summary>
    /// <param name="done">Bytes done.</param>
    /// <param name="total">All bytes, or -1 when unknown.</param>
    internal void Show(long done, long total)
    {
        long now = Environment.TickCount64;
        if (!s_terminal || now - _start < 500 || now - _last < 100)
        {
            return;
        }

        _last = now;
        _shown = true;
        string amount = total > 0 ? $"{done * 100 / total}% of {total / 1048576.0:0.0} MiB" : $"{done / 1048576.0:0.0} MiB";
        Write($"\r{what}: {amount}\e[K");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_shown)
        {
            _shown = false;
            Write("\r\e[K");
        }
    }

    private static void Write(string text) => Sys.Write(2, Encoding.UTF8.GetBytes(text));
}
