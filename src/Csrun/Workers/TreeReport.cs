using System.Globalization;
using System.Text;
using Csrun.Images.Trees;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Host;

namespace Csrun.Workers;

/// <summary>What a worker found and did in trees, from the worker to csrun, which knows the paths and makes messages of it.</summary>
internal sealed class TreeReport
{
    private const int Longest = 1 << 20;

    /// <summary>What stands, or stood, in the way, with the number of the tree.</summary>
    internal List<(int Tree, TreeFinding Finding)> Findings { get; } = [];

    /// <summary>What was done, by the number of the tree: how many files there were, and how many were changed or removed.</summary>
    internal List<(int Tree, long Seen, long Changed)> Done { get; } = [];

    /// <summary>Writes it to an empty file in memory.</summary>
    internal void WriteTo(SafeFd file)
    {
        StringBuilder text = new();
        foreach ((int tree, TreeFinding finding) in Findings)
        {
            text.Append($"{tree}\t{(int)finding.Kind}\t{(int)finding.Errno}\t{finding.Path}\n");
        }

        foreach ((int tree, long seen, long changed) in Done)
        {
            text.Append($"{tree}\tdone\t{seen}\t{changed}\n");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        for (int at = 0; at < bytes.Length;)
        {
            at += (int)Sys.Write(file, bytes.AsSpan(at)).OrThrow("write", "memfd:csrun-report");
        }
    }

    /// <summary>Reads what a worker wrote.</summary>
    internal static TreeReport Read(SafeFd file)
    {
        Sys.Lseek(file, 0, 0);
        TreeReport report = new();
        foreach (string line in Encoding.UTF8.GetString(SmallFile.ReadAll(file, Longest) ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t', 4);
            int tree = Number(fields[0]);
            if (fields[1] == "done")
            {
                report.Done.Add((tree, long.Parse(fields[2], CultureInfo.InvariantCulture), long.Parse(fields[3], CultureInfo.InvariantCulture)));
            }
            else
            {
                report.Findings.Add((tree, new TreeFinding((TreeFindingKind)Number(fields[1]), fields[3], (Errno)Number(fields[2]))));
            }
        }

        return report;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
