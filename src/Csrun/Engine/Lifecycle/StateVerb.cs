using Csrun.Linux;
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
        if (container.Record is null)
        {
            throw new CsrunException($"container does not exist: {word} is being made", "it is written down once all but its command is done", "try again when csrun create has ended");
        }

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

    // runc's widths: scripts cut its columns by position.
    private static string Table(List<Container> containers) => TextTable.Of([s_titles, .. containers.Select(Row)], gap: 3, least: 12);

    private static string[] Row(Container container) =>
    [
        container.Id,
        OciState.Pid(container).ToString(),
        OciState.Word(container.Status),
        container.Record!.Bundle,
        OciState.Time(container.Record.Created),
        OciState.Owner(container),
    ];
}
