using System.Globalization;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>The processes of a container, as the host numbers them.</summary>
internal static class ContainerProcesses
{
    /// <summary>Those in its control group; without one, those in its PID namespace.</summary>
    internal static IReadOnlyList<int> Of(Container container)
    {
        _ = EndOfContainer.Process(container);
        using ControlGroup? group = ContainerCgroup.Find(container);
        return group is not null ? group.Processes() : InNamespace(container.Record!.Process.Pid);
    }

    private static List<int> InNamespace(int first)
    {
        List<int> found = [first];
        string? wanted = Namespace(first);
        using SafeFd proc = Sys.Openat2(null, "/proc", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", "/proc");
        foreach (string name in wanted is null || wanted == Namespace(Sys.Getpid()) ? [] : DirectoryNames.Of(proc))
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int pid) && pid != first && Namespace(pid) == wanted)
            {
                found.Add(pid);
            }
        }

        found.Sort();
        return found;
    }

    private static string? Namespace(int pid)
    {
        byte[] target = new byte[64];
        SysResult read = Sys.Readlinkat(null, Encoding.UTF8.GetBytes($"/proc/{pid}/ns/pid\0"), target);
        return read.Ok ? Encoding.UTF8.GetString(target, 0, read.Int) : null;
    }
}
