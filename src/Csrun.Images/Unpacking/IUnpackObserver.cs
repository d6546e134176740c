namespace Csrun.Images.Unpacking;

/// <summary>Is told how far the unpacking is.</summary>
public interface IUnpackObserver
{
    /// <summary>Called at most once for each 256 KiB of compressed input, on the unpacking thread.</summary>
    /// <param name="read">Compressed bytes read so far.</param>
    /// <param name="total">All compressed bytes, or -1 when unknown.</param>
    void Progress(long read, long total);
}
