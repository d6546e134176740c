using System.Globalization;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;
using Csrun.Labs.Reporting;

namespace Csrun.Integration.Tests.Lessons;

/// <summary>Commands and outputs as the lessons show them: those of the user csrun-test with user ID 1001 and subordinate IDs from 100000 on.</summary>
internal static partial class LessonOutput
{
    private const long ShownUid = 1001;
    private const long ShownNoSub = 999;
    private const long ShownSubUid = 100000;
    private const long Ids = 65536;

    /// <summary>What was printed here, as the user of the lessons would have seen it.</summary>
    /// <param name="output">What was printed.</param>
    /// <param name="paths">Paths that are another one each time, and what the lesson has in their place.</param>
    /// <param name="user">Who ran it.</param>
    internal static string AsShown(string output, IReadOnlyList<(string Here, string Shown)> paths, Account user)
    {
        foreach ((string here, string shown) in paths)
        {
            output = output.Replace(here, shown, StringComparison.Ordinal);
        }

        return user.SubUidCount == 0
            ? Number().Replace(output, number => number.Value == $"{user.Uid}" ? $"{ShownNoSub}" : number.Value)
            : user.Uid == ShownUid && user.SubUid == ShownSubUid
            ? output
            : Number().Replace(output, number => Translate(long.Parse(number.Value, CultureInfo.InvariantCulture), user, number.Value));
    }

    /// <summary>What a user with other IDs types in place of a command that has the IDs of the lessons' user.</summary>
    internal static string AsTyped(string command, Account user) => Number().Replace(command, number => long.Parse(number.Value, CultureInfo.InvariantCulture) switch
    {
        ShownUid => $"{user.Uid}",
        >= ShownSubUid and < ShownSubUid + Ids and var id => $"{id - ShownSubUid + user.SubUid}",
        _ => number.Value,
    });

    /// <summary>Lays what was printed beside what the lesson says.</summary>
    internal static IReadOnlyList<DiffLine> Compare(LessonCommand command, string output) =>
        new OutputPattern(string.Join('\n', command.Output.Select(line => Pattern(line, command.Volatile)))).Compare(output);

    // Numbers of steps change with the plan; inode numbers of namespaces, durations and IDs of containers are never the same twice.
    private static string Pattern(string line, bool everyNumber)
    {
        line = TemporaryName().Replace(NumberedStep().Replace(StepNumber().Replace(line, "step * of *"), "* $1"), "*");
        line = ContainerId().Replace(Duration().Replace(NamespaceInode().Replace(line, "[*]"), "* $1"), "*");
        return everyNumber ? Number().Replace(line, "*") : line;
    }

    // The numbers that follow from who the user is; lessons use no other numbers that could be meant by these.
    private static string Translate(long number, Account user, string text) => number switch
    {
        _ when number == user.Uid => $"{ShownUid}",
        _ when number == user.Uid + 1 => $"{ShownUid + 1}",
        _ when number == Ids - user.Uid => $"{Ids - ShownUid}",
        _ when number == user.SubUid + user.Uid => $"{ShownSubUid + ShownUid}",
        _ when number >= user.SubUid && number < user.SubUid + Ids => $"{number - user.SubUid + ShownSubUid}",
        _ => text,
    };

    [GeneratedRegex(@"\d+-[0-9a-f]{16}\b")]
    private static partial Regex TemporaryName();

    // "12. child: why" in a plan, " 12/160 child   0.123 ms  why" in a trace.
    [GeneratedRegex(@"^ *\d+(?:\.|/\d+) (csrun|child)\b")]
    private static partial Regex NumberedStep();

    [GeneratedRegex(@"step \d+ of \d+")]
    private static partial Regex StepNumber();

    [GeneratedRegex(@"\[\d{6,}\]")]
    private static partial Regex NamespaceInode();

    [GeneratedRegex(@"\d+\.\d+ (ms)\b", RegexOptions.None)]
    private static partial Regex Duration();

    [GeneratedRegex(@"\b[0-9a-f]{12}(?:[0-9a-f]{52})?\b")]
    private static partial Regex ContainerId();

    [GeneratedRegex(@"(?<![\w.])\d+(?![\w.])")]
    private static partial Regex Number();
}
