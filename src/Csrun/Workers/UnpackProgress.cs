using Csrun.Images.Unpacking;
using Csrun.Terminal;

namespace Csrun.Workers;

/// <summary>Shows how far an unpacking is.</summary>
internal sealed class UnpackProgress(string image) : IUnpackObserver, IDisposable
{
    private readonly ProgressLine _line = new($"csrun: unpacking {image}");

    /// <inheritdoc/>
    public void Progress(long read, long total) => _line.Show(read, total);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
