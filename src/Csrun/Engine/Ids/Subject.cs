using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Runtime.Host;
using Csrun.Runtime.Mounts;

namespace Csrun.Engine.Ids;

/// <summary>The process whose IDs a verb is about.</summary>
internal static class Subject
{
    /// <summary>The PID that a word names.</summary>
    /// <exception cref="CsrunException">There is no such process.</exception>
    internal static string Pid(string word) => !IdNumber.IsAllDigits(word)
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
