using Csrun.Images.Fetching;
using Csrun.Terminal;

namespace Csrun.Workers;

/// <summary>Says what is fetched from where, and how far it is.</summary>
internal sealed class FetchProgress : IFetchObserver, IDisposable
{
    private readonly ProgressLine _line = new("csrun: fetching");

    /// <inheritdoc/>
    public void Starting(string url) => Notes.Write($"fetching {url}");

    /// <inheritdoc/>
    public void Progress(long received, long total) => _line.Show(received, total);

    /// <inheritdoc/>
    public void Dispose() => _line.Dispose();
}
