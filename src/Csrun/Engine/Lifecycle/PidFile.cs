using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Engine.Lifecycle;

/// <summary>The file that tells an engine the process ID (<c>--pid-file</c>): there whole or not at all.</summary>
internal static class PidFile
{
    /// <summary>Writes it, in place of an older one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pid">The process, in csrun's PID namespace.</param>
    internal static void Write(string path, int pid)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{Path.GetDirectoryName(full)}/.{Path.GetFileName(full)}";
        using (SafeFd file = Sys.Openat2(null, temporary, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC | OpenFlags.O_NOFOLLOW, 0x1a4).FdOrThrow("openat2", temporary))
        {
            Sys.Write(file, Encoding.UTF8.GetBytes(pid.ToString())).OrThrow("write", temporary);
        }

        Sys.Renameat2(null, temporary, null, full).OrThrow("renameat2", full);
    }
}
