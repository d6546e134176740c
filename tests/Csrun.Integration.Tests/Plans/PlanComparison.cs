using System.Text.RegularExpressions;

namespace Csrun.Integration.Tests.Plans;

/// <summary>Compares a printed plan with the calls of a real run, line by line.</summary>
/// <remarks>
/// A slot such as &lt;rootfs&gt; stands for the descriptor that the call with <c>= &lt;rootfs&gt;</c> returned in the run, so a
/// descriptor in the wrong place is a difference, too. Nothing may be missing and nothing may be added. Where the plan's line has
/// <c>...</c>, comparison stops; after the execve that succeeds, the plan may list further candidates.
/// </remarks>
public static partial class PlanComparison
{
    /// <summary>Slots that no call of the child fills: csrun does, before clone3 or with a message.</summary>
    private static readonly string[] s_given = ["<inherited control>", "<tasks of ", "<id-mapped ", "<container's process>", "<log", "<input that never ends>"];

    /// <summary>Asserts that the plan is what ran.</summary>
    /// <param name="plan">The output of --explain=strace.</param>
    /// <param name="run">The child's calls.</param>
    public static void AssertTrue(string plan, IReadOnlyList<string> run)
    {
        string[] planned = [.. WithoutId(plan).Replace("\r", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')];
        string[] done = WithoutId(string.Join('\n', run)).Split('\n');
        Dictionary<string, string> slots = [];
        for (int i = 0; i < Math.Max(planned.Length, done.Length); i++)
        {
            if (i == done.Length)
            {
                Assert.True(planned[i].StartsWith("execve(", StringComparison.Ordinal), $"planned, but not done: {planned[i]}");
                continue;
            }

            Assert.True(i < planned.Length, $"done, but not planned: {(i < done.Length ? done[i] : "")}");
            string? difference = Difference(planned[i], done[i], slots);
            Assert.True(difference is null, $"call {i + 1}: {difference}\n  plan: {planned[i]}\n  run:  {done[i]}");
        }
    }

    private static string? Difference(string planned, string done, Dictionary<string, string> slots)
    {
        Match assigned = Assignment().Match(planned);
        string call = assigned.Success ? planned[..assigned.Index] : planned;
        int split = done.LastIndexOf(") = ", StringComparison.Ordinal);
        if (split < 0)
        {
            return "no result in the trace";
        }

        string doneCall = done[..(split + 1)];
        string result = done[(split + 4)..].Split(' ')[0];
        string expected = "^";
        int at = 0;
        bool open = call.Contains("...", StringComparison.Ordinal);
        call = open ? call[..call.IndexOf("...", StringComparison.Ordinal)] : call;
        List<string> unknown = [];
        foreach (Match slot in Slot().Matches(call))
        {
            expected += Regex.Escape(call[at..slot.Index]);
            at = slot.Index + slot.Length;
            if (slots.TryGetValue(slot.Value, out string? value))
            {
                expected += Regex.Escape(value);
                continue;
            }

            if (!s_given.Any(name => slot.Value.StartsWith(name, StringComparison.Ordinal)))
            {
                return $"{slot.Value} is used before a call fills it";
            }

            unknown.Add(slot.Value);
            expected += @"(\d+)";
        }

        Match match = Regex.Match(doneCall, expected + Regex.Escape(call[at..]) + (open ? "" : "$"), RegexOptions.CultureInvariant);
        if (!match.Success)
        {
            return "the calls differ" + string.Concat(Slot().Matches(call).Select(s => $"; {s.Value} is {slots.GetValueOrDefault(s.Value, "?")}"));
        }

        for (int i = 0; i < unknown.Count; i++)
        {
            slots[unknown[i]] = match.Groups[i + 1].Value;
        }

        if (assigned.Success)
        {
            slots[assigned.Groups[1].Value] = result;
        }

        return null;
    }

    /// <summary>Each run has a container of its own: its ID, and the host name that is made of it, are put out of sight.</summary>
    private static string WithoutId(string text)
    {
        Match id = ContainerId().Match(text);
        return !id.Success ? text : text.Replace(id.Groups[1].Value, "ID", StringComparison.Ordinal).Replace(id.Groups[1].Value[..12], "ID", StringComparison.Ordinal);
    }

    [GeneratedRegex("/containers/([0-9a-f]{64})")]
    private static partial Regex ContainerId();

    [GeneratedRegex("<[^<>]+>")]
    private static partial Regex Slot();

    [GeneratedRegex("(?<=\\)|\\.\\.\\.) = (<[^<>]+>)$")]
    private static partial Regex Assignment();
}
