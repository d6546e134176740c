using System.Diagnostics;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun events</c>.</summary>
internal static class EventsVerb
{
    // How soon the end of the container, and a process killed for want of memory, are noticed.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    /// <summary>Prints what a container uses, until it ends.</summary>
    internal static int Run(Caller caller, string word, bool once, TimeSpan interval)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        Container container = list.Find(word);
        using ControlGroup group = ContainerCgroup.Of(container, "is not counted");
        ulong kills = group.OomKills();
        while (true)
        {
            Write(EventsJson.Stats(container.Id, group.Statistics()));
            if (once)
            {
                return 0;
            }

            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) is var gone && gone < interval)
            {
                bool ended = EndOfContainer.Await(container.PidFd!, interval - gone < s_look ? interval - gone : s_look);
                ulong now = group.OomKills();
                for (; kills < now; kills++)
                {
                    Write(EventsJson.OutOfMemory(container.Id));
                }

                if (ended)
                {
                    return 0;
                }
            }
        }
    }

    private static void Write(string line)
    {
        FdWriter.Stdout.Write(line);
        FdWriter.Stdout.Flush();
    }
}
