namespace Csrun.Images.Fetching;

/// <summary>Is told how far a download is.</summary>
public interface IFetchObserver
{
    /// <summary>Called before the connection is made.</summary>
    /// <param name="url">The address that is fetched.</param>
    void Starting(string url);

    /// <summary>Called for each piece that arrives.</summary>
    /// <param name="received">Bytes so far.</param>
    /// <param name="total">All bytes, or -1 when the server does not say.</param>
    void Progress(long received, long total);
}
