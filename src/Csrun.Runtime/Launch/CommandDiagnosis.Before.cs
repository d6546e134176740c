using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Launch;

public static partial class CommandDiagnosis
{
    /// <summary>Looks for the command before it is executed: an engine expects <c>create</c> to fail where <c>start</c> could not succeed.</summary>
    /// <remarks>Only what is certain counts: what cannot be looked at from outside is left to execve.</remarks>
    /// <param name="pid">The container's first process, which waits.</param>
    /// <param name="execve">Its last step.</param>
    /// <param name="workingDirectory">The container's path that relative names are counted from.</param>
    /// <exception cref="CsrunException">There is no such command, or nobody may execute it.</exception>
    public static void RequireCommand(int pid, ExecveOp execve, string workingDirectory)
    {
        SysResult opened = Sys.Openat2(null, $"/proc/{pid}/root", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            return; // an ordinary user may not look into a process that still has csrun's memory
        }

        using SafeFd root = new(opened.Int);
        string command = execve.Args[0];
        Errno worst = Errno.ENOENT;
        string path = execve.Candidates[^1];
        foreach (string candidate in execve.Candidates)
        {
            string inside = candidate.StartsWith('/') ? candidate : $"{workingDirectory}/{candidate}";
            SysResult found = Open(root, inside, OpenFlags.O_PATH);
            if (!found.Ok && found.Errno is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                return;
            }

            if (!found.Ok)
            {
                continue;
            }

            using SafeFd file = new(found.Int);
            Sys.Statx(file, "", out FileStat stat).OrThrow("statx", candidate);
            if (stat.IsRegular && (stat.mode & 0x49) != 0)
            {
                return;
            }

            (worst, path) = (Errno.EACCES, inside);
        }

        if (worst == Errno.EACCES)
        {
            (string why, string? fix) = Cause(root, path, worst, null);
            throw new CsrunException($"execve \"{command}\": {worst} ({worst.Describe()})", why, fix, NotExecutable);
        }

        throw new CsrunException(
            execve.Candidates.Length > 1 ? $"execve \"{command}\": executable file not found in $PATH" : $"execve \"{command}\": {worst} ({worst.Describe()})",
            execve.Candidates.Length > 1
                ? $"there is no \"{command}\" in the container's PATH, {string.Join(':', execve.Candidates.Select(c => c[..c.LastIndexOf('/')]))}"
                : $"there is no \"{command}\" in the container",
            "name a command that the image has",
            NotFound);
    }
}
