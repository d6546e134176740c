namespace Csrun.Runtime.Broker;

/// <summary>Counts each user's requests in windows of time.</summary>
internal sealed class RequestRate
{
    private readonly Dictionary<uint, int> _counts = [];
    private readonly HashSet<uint> _refused = [];
    private long _windowEnds;

    /// <summary>Counts a request; whether it is one too many.</summary>
    public bool Allows(uint uid)
    {
        Renew();
        int count = _counts.GetValueOrDefault(uid) + 1;
        _counts[uid] = count;
        return count <= BrokerLimits.RequestsOfOneUser;
    }

    /// <summary>Whether this is the user's first refusal of the window.</summary>
    public bool FirstRefusal(uint uid)
    {
        Renew();
        return _refused.Add(uid);
    }

    private void Renew()
    {
        if (Environment.TickCount64 >= _windowEnds)
        {
            _windowEnds = Environment.TickCount64 + BrokerLimits.WindowMilliseconds;
            _counts.Clear();
            _refused.Clear();
        }
    }
}
