using Csrun.Linux;

namespace Csrun.Plan.Requests;

/// <summary>The clause that names what a mistyped word was probably meant to be.</summary>
internal static class Closest
{
    /// <summary><c>; close to it: a, b</c>, or nothing when nothing is close.</summary>
    internal static string Clause(string word, IEnumerable<string> known)
    {
        IReadOnlyList<string> found = CloseNames.Of(word, known);
        return found.Count == 0 ? "" : $"; close to it: {string.Join(", ", found)}";
    }
}
