using System.Text;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun state</c> and <c>csrun list</c>.</summary>
internal static class StateVerb
{
    private static readonly string[] s_titles = ["ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"];

    /// <summary>Prints one container's state (runtime-spec runtime.md, "State").</summary>
    internal static int State(Caller caller, string word)
    {
        using Container container = NamedContainer.Open(caller, word);
        FdWriter.Stdout.Write(OciState.Text(container));
        FdWriter.Stdout.Flush();
        return 0;
    }

    /// <summary>Prints all containers, as runc does.</summary>
    internal static int List(Caller caller, bool quiet, bool json)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        List<Container> containers = [.. list.Containers.Where(c => c.Record is not null).OrderBy(c => c.Id, StringComparer.Ordinal)];
        if (quiet)
        {
            containers.ForEach(c => FdWriter.Stdout.Write(c.Id + "\n"));
        }
        else if (json)
        {
            FdWriter.Stdout.Write(containers.Count == 0 ? "null" : OciState.Array(containers));
        }
        else
        {
            FdWriter.Stdout.Write(Table(containers));
        }

        FdWriter.Stdout.Flush();
        return 0;
    }

    private static string Table(List<Container> containers)
    {
        List<string[]> rows = [s_titles];
        rows.AddRange(containers.Select(c => (string[])
        [
            c.Id, OciState.Pid(c).ToString(), OciState.Word(c.Status), Printable.Of(c.Record!.Bundle), OciState.Time(c.Record.Created), OciState.Owner(c),
        ]));
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
            {
                text.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(Math.Max(12, rows.Max(r => r[i].Length) + 3)));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
