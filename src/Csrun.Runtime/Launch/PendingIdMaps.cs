namespace Csrun.Runtime.Launch;

/// <summary>ID maps that are being written: both tools at the same time.</summary>
internal sealed class PendingIdMaps(MapToolRun? uid, MapToolRun? gid)
{
    /// <summary>Waits until both are written.</summary>
    /// <exception cref="Linux.CsrunException">A tool refused.</exception>
    public void Finish()
    {
        using (uid)
        using (gid)
        {
            uid?.Finish();
            gid?.Finish();
        }
    }

    /// <summary>Waits for the tools, whatever they say: their process has gone.</summary>
    public void Abandon()
    {
        uid?.Dispose();
        gid?.Dispose();
    }
}
