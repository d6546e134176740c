using Csrun.Linux;

namespace Csrun.Engine;

/// <summary>What went wrong with some of several operands: all are tried, and all that failed is told.</summary>
internal sealed class FailureList
{
    private readonly List<CsrunException> _failures = [];

    /// <summary>Does one; a failure is kept.</summary>
    internal void Try(Action action)
    {
        try
        {
            action();
        }
        catch (CsrunException failure)
        {
            _failures.Add(failure);
        }
    }

    /// <summary>Tells the failures, one after the other.</summary>
    /// <returns>The exit code 0 when there is none.</returns>
    /// <exception cref="CsrunException">The failure, where there is one; the first, with the others as text, where there are more.</exception>
    internal int Report()
    {
        switch (_failures)
        {
            case []:
                return 0;
            case [CsrunException single]:
                throw single;
            default:
                throw new CsrunException(
                    string.Join('\n', _failures.Select(f => f.Message)),
                    string.Join('\n', _failures.Select(f => f.Why).Where(w => !string.IsNullOrEmpty(w)).Distinct()),
                    string.Join('\n', _failures.Select(f => f.Fix).Where(w => !string.IsNullOrEmpty(w)).Distinct()));
        }
    }
}
