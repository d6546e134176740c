using System.Globalization;
using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;
using Csrun.Runtime.Mounts;
using Csrun.Runtime.State;

namespace Csrun.Engine.Ids;

/// <summary>The process whose IDs a verb is about.</summary>
internal static class Subject
{
    /// <summary>The PID that a word names: a process's number, or the name or ID of a running container.</summary>
    /// <exception cref="CsrunException">There is no such process, or no such container that runs.</exception>
    internal static string Pid(Caller caller, string word)
    {
        if (IdNumber.IsAllDigits(word) && word.Length < 12)
        {
            return OfProcess(word);
        }

        using ContainerList list = ContainerList.Look(caller.Roots);
        Container container = list.Find(word);
        return container.Status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Created && container.Record is { } record
            ? record.Process.Pid.ToString(CultureInfo.InvariantCulture)
            : throw new CsrunException($"container {container.DisplayName} does not run", "its user namespace has gone with its last process", "csrun ps -a");
    }

    /// <summary>The PID, checked.</summary>
    /// <exception cref="CsrunException">There is no such process.</exception>
    internal static string OfProcess(string word) => !IdNumber.IsAllDigits(word)
        ? throw new CsrunException($"\"{word}\" is no process ID", "a process is named by its number", "pgrep -f NAME")
        : SmallFile.Read($"/proc/{word}/comm") is null
            ? throw new CsrunException($"there is no process {word}", "it has ended, or is of a PID namespace that csrun does not see", "ps -e")
            : word;

    /// <summary>The maps of the process's user namespace.</summary>
    /// <param name="pid">Its PID, or <c>self</c>.</param>
    /// <exception cref="CsrunException">It has ended meanwhile.</exception>
    internal static IdMapPair Maps(string pid) => UserNamespaces.MapsOf(pid)
        ?? throw new CsrunException($"process {pid} has ended", "its ID maps have gone with it", "ps -e");
}
