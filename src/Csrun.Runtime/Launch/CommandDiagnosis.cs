using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;
using Csrun.Plan.Ops;
using Csrun.Runtime.Host;

namespace Csrun.Runtime.Launch;

/// <summary>Why a command could not be executed: looks at the file inside the container's root, which the child held open.</summary>
public static partial class CommandDiagnosis
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    internal static CsrunException Explain(ExecveOp op, RawProgram program, int failedOp, Errno errno, SafeFd? root, uint? user)
    {
        string path = Refused(op, program, failedOp, ref errno);
        string command = op.Args[0];
        string what = $"execve \"{(errno is Errno.ENOENT or Errno.ENOTDIR ? command : path)}\": {errno} ({errno.Describe()})";
        if (root is null)
        {
            return new CsrunException(what, null, null, errno is Errno.ENOENT or Errno.ENOTDIR ? NotFound : NotExecutable);
        }

        if (errno is Errno.ENOENT or Errno.ENOTDIR && !Exists(root, op.Candidates, out path))
        {
            return new CsrunException(
                what,
                op.Candidates.Length > 1
                    ? $"there is no \"{command}\" in the container's PATH, {string.Join(':', op.Candidates.Select(c => c[..c.LastIndexOf('/')]))}"
                    : $"there is no \"{command}\" in the container",
                "name a command that the image has: csrun run IMAGE ls /bin /usr/bin",
                NotFound);
        }

        (string why, string? fix) = Cause(root, path, errno, user);
        return new CsrunException($"execve \"{path}\": {errno} ({errno.Describe()})", why, fix, NotExecutable);
    }

    /// <summary>The candidate that the errno is about. execvp(3): EACCES on one counts more than ENOENT on the others.</summary>
    private static string Refused(ExecveOp op, RawProgram program, int failedOp, ref Errno errno)
    {
        int first = failedOp - op.Candidates.Length + 1;
        for (int i = 0; i < op.Candidates.Length && first >= 0; i++)
        {
            if (program.ResultErrno(first + i) == Errno.EACCES)
            {
                errno = Errno.EACCES;
                return op.Candidates[i];
            }
        }

        return op.Candidates[^1];
    }

    private static bool Exists(SafeFd root, IReadOnlyList<string> candidates, out string found)
    {
        foreach (string candidate in candidates)
        {
            SysResult opened = Open(root, candidate, OpenFlags.O_PATH);
            if (opened.Ok)
            {
                new SafeFd(opened.Int).Dispose();
                found = candidate;
                return true;
            }
        }

        found = candidates[^1];
        return false;
    }

    private static (string Why, string? Fix) Cause(SafeFd root, string path, Errno errno, uint? user)
    {
        SysResult opened = Open(root, path, OpenFlags.O_PATH);
        if (!opened.Ok)
        {
            return ($"\"{path}\" cannot be looked at from outside: {opened.Errno}", null);
        }

        using SafeFd file = new(opened.Int);
        Sys.Statx(file, "", out FileStat stat).OrThrow("statx", path);
        if (stat.IsDirectory)
        {
            return ($"\"{path}\" is a directory", $"name a program in it: csrun run IMAGE ls {path}");
        }

        if (!stat.IsRegular)
        {
            return ($"\"{path}\" is no regular file", null);
        }

        if ((stat.mode & 0x49) == 0)
        {
            return ($"\"{path}\" has mode {Convert.ToString(stat.mode & 0xfff, 8)}: nobody may execute it", $"chmod +x {path}, in the image or the volume");
        }

        if (errno == Errno.EACCES && IsNoExec(file))
        {
            return ($"the file system under \"{path}\" is mounted noexec", "leave noexec away in the volume's options, or copy the program to a file system without it (findmnt -o TARGET,OPTIONS)");
        }

        byte[]? head = Open(root, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK) is { Ok: true } readable ? Head(readable) : null;
        if (head is null)
        {
            return NotAllowed(path, stat, user);
        }

        if (head is [(byte)'#', (byte)'!', ..])
        {
            return Script(root, path, head);
        }

        if (head is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..])
        {
            return Elf(root, path, head, errno, stat, user);
        }

        return errno == Errno.ENOEXEC
            ? ($"\"{path}\" is neither a program (ELF) nor a script with #! in its first line", $"run it with its interpreter: csrun run IMAGE sh {path}")
            : NotAllowed(path, stat, user);
    }

    // Set-ID and noexec are flags of the mount, which statfs(2) tells of a descriptor: ST_NOEXEC.
    private static bool IsNoExec(SafeFd file) => Sys.Fstatfs(file, out FileSystemStat stat).Ok && (stat.flags & 8) != 0;

    // The owner is told as csrun sees it, in its own user namespace.
    private static (string, string) NotAllowed(string path, FileStat stat, uint? user)
    {
        string who = user is { } id ? $"user {id} of the container" : "the container's user";
        string mode = Convert.ToString(stat.mode & 0xfff, 8);
        return (stat.mode & 0x49) == 0x49
            ? ($"everybody may execute \"{path}\" (mode {mode}), but {who} may not enter a directory above it", $"chmod a+x the directories above it, or choose another user with --user: csrun run IMAGE ls -ld {path[..Math.Max(1, path.LastIndexOf('/'))]}")
            : ($"\"{path}\" has mode {mode} and belongs to host user {stat.uid}, group {stat.gid}, which does not let {who} execute it", $"chmod a+rx {path}, in the image or the volume, or choose another user with --user");
    }

    private static (string, string?) Script(SafeFd root, string path, byte[] head)
    {
        int end = Array.IndexOf(head, (byte)'\n');
        string line = Encoding.UTF8.GetString(head.AsSpan(2, (end < 0 ? head.Length : end) - 2));
        string interpreter = line.Trim(' ', '\t').Split(' ', '\t')[0];
        if (line.EndsWith('\r'))
        {
            return ($"the first line of \"{path}\" ends with a carriage return (Windows line endings), so the kernel looks for the interpreter \"{interpreter.TrimEnd('\r')}\\r\"", $"sed -i 's/\\r$//' {path}");
        }

        return Open(root, interpreter, OpenFlags.O_PATH) is { Ok: true } found && Close(found)
            ? ($"the script \"{path}\" wants the interpreter \"{interpreter}\", which is there and may not be executed", $"look at its mode, or name another one in the first line: csrun run IMAGE ls -l {interpreter}")
            : ($"the script \"{path}\" wants the interpreter \"{interpreter}\", which is not in the container", "install it in the image, or change the first line");
    }

    private static (string, string?) Elf(SafeFd root, string path, byte[] head, Errno errno, FileStat stat, uint? user)
    {
        string machine = Machine(BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18)));
        string host = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86-64";
        if (machine != host && machine != "x86")
        {
            return ($"\"{path}\" is a program for {machine}, this machine is {host}, and no emulator is registered in /proc/sys/fs/binfmt_misc", $"use an image for {host}, or sudo apt install qemu-user-static binfmt-support");
        }

        if (Interpreter(head) is { } loader && !(Open(root, loader, OpenFlags.O_PATH) is { Ok: true } found && Close(found)))
        {
            return ($"\"{path}\" wants the dynamic loader \"{loader}\", which is not in the container", loader.Contains("musl", StringComparison.Ordinal)
                ? "the program was built for Alpine's C library: use an Alpine image, or link it statically"
                : "the program was built for another C library (glibc on a musl image): use a Debian image, or link it statically");
        }

        return errno == Errno.ENOEXEC ? ($"\"{path}\" begins as a program for this machine, but the kernel cannot load it: it is damaged or cut", $"compare it with where it came from: ls -l, sha256sum, readelf -l") : NotAllowed(path, stat, user);
    }

    private static string Machine(ushort machine) => machine switch
    {
        3 => "x86",
        20 => "ppc",
        21 => "ppc64",
        22 => "s390x",
        40 => "arm",
        62 => "x86-64",
        183 => "aarch64",
        243 => "riscv64",
        258 => "loongarch64",
        _ => $"machine {machine} (elf.h)",
    };

    /// <summary>The path in the PT_INTERP segment of a 64-bit ELF file (elf(5)).</summary>
    private static string? Interpreter(byte[] head)
    {
        if (head.Length < 64 || head[4] != 2)
        {
            return null;
        }

        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(54));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56));
        for (int i = 0; i < count; i++)
        {
            ulong at = table + (ulong)(i * size);
            if (at + 56 > (ulong)head.Length)
            {
                return null;
            }

            ReadOnlySpan<byte> segment = head.AsSpan((int)at, 56);
            ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(segment[8..]);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(segment[32..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(segment) == 3 && length is > 1 and < 4096 && offset + length <= (ulong)head.Length)
            {
                return Encoding.UTF8.GetString(head.AsSpan((int)offset, (int)length - 1));
            }
        }

        return null;
    }

    private static SysResult Open(SafeFd root, string path, OpenFlags flags) =>
        Sys.Openat2(root, path, flags, 0, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS);

    private static bool Close(SysResult opened)
    {
        new SafeFd(opened.Int).Dispose();
        return true;
    }

    private static byte[]? Head(SysResult opened)
    {
        using SafeFd fd = new(opened.Int);
        return SmallFile.ReadAll(fd, 8192);
    }
}
