using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Runtime.Launch;

public static partial class CommandDiagnosis
{
    /// <summary>Why a command of the host could not be executed in a new user namespace: the root and the working directory are csrun's own.</summary>
    internal static CsrunException ExplainHost(ExecveOp op, RawProgram program, int failedOp, Errno errno)
    {
        string path = Refused(op, program, failedOp, ref errno), command = op.Args[0];
        string what = $"execve \"{(errno is Errno.ENOENT or Errno.ENOTDIR ? command : path)}\": {errno} ({errno.Describe()})";
        if (errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            foreach (string candidate in op.Candidates)
            {
                if (Sys.StatxFollowing(candidate, out _).Ok)
                {
                    return new CsrunException(what, $"\"{candidate}\" is there; the interpreter of its first line, or its dynamic loader, is not", $"head -c 80 '{candidate}'; file '{candidate}'", NotExecutable);
                }
            }

            return new CsrunException(
                what,
                op.Candidates.Length > 1 ? $"there is no \"{command}\" in PATH, {string.Join(':', op.Candidates.Select(c => c[..c.LastIndexOf('/')]))}" : $"there is no file \"{command}\"",
                "the first word is the command: csrun unshare sh -c '...'",
                NotFound);
        }

        if (!Sys.StatxFollowing(path, out FileStat stat).Ok)
        {
            return new CsrunException(what, null, null, NotExecutable);
        }

        string mode = Convert.ToString(stat.mode & 0xfff, 8);
        (string? why, string? fix) = stat.IsDirectory ? ($"\"{path}\" is a directory", "name a program")
            : (stat.mode & 0x49) == 0 ? ($"\"{path}\" has mode {mode}: nobody may execute it", $"chmod +x '{path}'")
            : errno == Errno.ENOEXEC ? ($"\"{path}\" is neither a program for this machine (ELF) nor a script with #! in its first line", $"run it with its interpreter: csrun unshare sh '{path}'")
            : errno == Errno.EACCES ? ($"it belongs to user {stat.uid}, group {stat.gid}, with mode {mode}, and the namespace's user has no right to execute it, or none to enter a directory above it", $"namei -l '{Path.GetFullPath(path)}'")
            : ((string?)null, (string?)null);
        return new CsrunException(what, why, fix, NotExecutable);
    }
}
