using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun ps CONTAINER</c>, as runc has it: the host's ps(1), its lines for other processes left out.</summary>
internal static class ProcessesVerb
{
    private const int Limit = 16 << 20;

    /// <summary>Lists a container's processes.</summary>
    internal static int Run(Caller caller, string word, bool json, IReadOnlyList<string> psOptions)
    {
        using ContainerList list = ContainerList.Look(caller.Roots);
        IReadOnlyList<int> pids = ContainerProcesses.Of(list.Find(word));
        FdWriter.Stdout.Write(json ? $"[{string.Join(',', pids)}]\n" : Table(pids, psOptions));
        FdWriter.Stdout.Flush();
        return 0;
    }

    private static string Table(IReadOnlyList<int> pids, IReadOnlyList<string> psOptions)
    {
        string[] lines = Ps(psOptions.Count == 0 ? ["-ef"] : psOptions).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int column = lines.Length == 0 ? -1 : Array.IndexOf(lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), "PID");
        if (column < 0)
        {
            throw new CsrunException("the container's processes cannot be told from ps's output", "it has no column PID", "csrun ps CONTAINER -eo pid,user,args");
        }

        StringBuilder text = new();
        text.Append(lines[0]).Append('\n');
        foreach (string line in lines.AsSpan(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > column && int.TryParse(words[column], NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pids.Contains(pid))
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Ps(IReadOnlyList<string> options)
    {
        (SafeFd read, SafeFd write) = Sys.Pipe2();
        using (read)
        {
            Spawned? ps;
            using (write)
            {
                Spawned.TryStart("/bin/ps", ["ps", .. options], EnvironmentBlock.Read(), [null, write], out ps)
                    .OrThrow("posix_spawn", "/bin/ps", "the host's ps(1) is not there", "csrun top CONTAINER needs none");
            }

            byte[] text = Csrun.Runtime.Host.SmallFile.ReadAll(read, Limit) ?? [];
            int code = ps!.Wait();
            return code == 0 ? Encoding.UTF8.GetString(text) : throw new CsrunException($"ps {string.Join(' ', options)} ended with exit code {code}", "it has said why above", "csrun ps CONTAINER");
        }
    }
}
