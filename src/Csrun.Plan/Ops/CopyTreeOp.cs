using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan.Ops;

/// <summary>Copies a tree of the root file system into a new file system: owners, modes, times and extended attributes as well.</summary>
/// <remarks>Each file by calls of its own: csrun has looked at the tree before, the child copies as the container's root and puts what it
/// reads of an owner with statx(2) into fchown(2). No path is followed through a symbolic link, and none leaves the tree.</remarks>
/// <param name="Source">The directory to copy from.</param>
/// <param name="Target">The directory to copy into.</param>
/// <param name="Tree">What there is.</param>
/// <param name="From">The slot of an open file.</param>
/// <param name="To">The slot of its copy.</param>
/// <param name="Uid">The slot of its owner.</param>
/// <param name="Gid">The slot of its group.</param>
public sealed record CopyTreeOp(FdSlot Source, FdSlot Target, CopiedTree Tree, FdSlot From, FdSlot To, FdSlot Uid, FdSlot Gid) : KernelOp
{
    private const ResolveFlags Beneath = ResolveFlags.RESOLVE_BENEATH | ResolveFlags.RESOLVE_NO_SYMLINKS | ResolveFlags.RESOLVE_NO_MAGICLINKS | ResolveFlags.RESOLVE_NO_XDEV;
    private const long Nofollow = 0x100, EmptyPath = 0x1000; // AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH
    private const int StatBasic = 0x7ff, StatUid = 20, StatGid = 24; // STATX_BASIC_STATS; offsets in struct statx
    private const long Most = 0x7ffff000; // what one sendfile(2) copies at most

    /// <inheritdoc/>
    public override string ManPage => "sendfile(2)";

    /// <inheritdoc/>
    public override void Lower(RawProgram program)
    {
        nint stat = program.Zeroed(256), empty = program.Utf8(""), dot = program.Utf8(".");
        foreach (CopiedEntry entry in Tree.Entries)
        {
            nint path = entry.Path.Length == 0 ? dot : program.Utf8(entry.Path);
            switch (entry.Kind)
            {
                case CopiedKind.File:
                    File(program, entry, path, stat, empty);
                    break;
                case CopiedKind.Directory when entry.Path.Length != 0:
                    program.Call(Syscall.mkdirat, [Target, path, 0x1c0]);
                    break;
                case CopiedKind.Symlink:
                    program.Call(Syscall.symlinkat, [(long)program.Utf8(entry.Target!), Target, path]);
                    Owner(program, path, stat);
                    program.Call(Syscall.utimensat, [Target, path, Times(program, entry), Nofollow]);
                    break;
                case CopiedKind.Fifo:
                    program.Call(Syscall.mknodat, [Target, path, 0x1000 | entry.Mode, 0]);
                    Finish(program, entry, path, stat);
                    break;
            }
        }

        // Directories last and from the inside out: what is made in one changes its time, and its mode may forbid making anything.
        for (int i = Tree.Entries.Length - 1; i >= 0; i--)
        {
            CopiedEntry entry = Tree.Entries[i];
            if (entry.Kind == CopiedKind.Directory)
            {
                nint path = entry.Path.Length == 0 ? dot : program.Utf8(entry.Path);
                if (entry.Attributes.Length != 0)
                {
                    program.Call(Syscall.openat2, [Target, path, How(program, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0), 24], To);
                    Attributes(program, entry);
                    program.Call(Syscall.close, [To]);
                }

                Finish(program, entry, path, stat);
            }
        }
    }

    /// <inheritdoc/>
    public override void ToStrace(StraceText text)
    {
        foreach (CopiedEntry entry in Tree.Entries)
        {
            string path = StraceText.Quote(entry.Path);
            switch (entry.Kind)
            {
                case CopiedKind.File:
                    text.Call(From, "openat2", $"{Source}", path, $"{{flags=O_RDONLY|O_NONBLOCK|O_NOFOLLOW|O_CLOEXEC, resolve={StraceText.Flags(Beneath)}}}", "24");
                    text.Call(To, "openat2", $"{Target}", path, $"{{flags=O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, mode=0600, resolve={StraceText.Flags(Beneath)}}}", "24");
                    for (long left = entry.Size; left > 0; left -= Most)
                    {
                        text.Call("sendfile", $"{To}", $"{From}", "NULL", $"{Math.Min(left, Most)}");
                    }

                    text.Call("sendfile", $"{To}", $"{From}", "NULL", "1");
                    text.Call("statx", $"{From}", "\"\"", "AT_EMPTY_PATH", "STATX_BASIC_STATS", "...");
                    text.Call("fchown", $"{To}", $"{Uid}", $"{Gid}");
                    text.Call("fchmod", $"{To}", $"0{Convert.ToString(entry.Mode, 8)}");
                    Attributes(text, entry);
                    text.Call("utimensat", $"{To}", "NULL", "...");
                    text.Call("close", $"{From}");
                    text.Call("close", $"{To}");
                    break;
                case CopiedKind.Directory when entry.Path.Length != 0:
                    text.Call("mkdirat", $"{Target}", path, "0700");
                    break;
                case CopiedKind.Symlink:
                    text.Call("symlinkat", StraceText.Quote(entry.Target), $"{Target}", path);
                    Owner(text, path);
                    text.Call("utimensat", $"{Target}", path, "...");
                    break;
                case CopiedKind.Fifo:
                    text.Call("mknodat", $"{Target}", path, $"S_IFIFO|0{Convert.ToString(entry.Mode, 8)}");
                    Finish(text, entry, path);
                    break;
            }
        }

        for (int i = Tree.Entries.Length - 1; i >= 0; i--)
        {
            CopiedEntry entry = Tree.Entries[i];
            if (entry.Kind == CopiedKind.Directory)
            {
                string path = entry.Path.Length == 0 ? "\".\"" : StraceText.Quote(entry.Path);
                if (entry.Attributes.Length != 0)
                {
                    text.Call(To, "openat2", $"{Target}", path, $"{{flags=O_RDONLY|O_CLOEXEC|O_DIRECTORY, resolve={StraceText.Flags(Beneath)}}}", "24");
                    Attributes(text, entry);
                    text.Call("close", $"{To}");
                }

                Finish(text, entry, path);
            }
        }
    }

    /// <inheritdoc/>
    public override Hint? HintFor(Errno errno, HostFacts facts) => errno switch
    {
        Errno.ENOSPC => new Hint($"the tmpfs on {Tree.Destination} is too small for what the root file system has there", "raise its size=, or leave tmpcopyup away"),
        Errno.EACCES => new Hint($"the container's root may not read something below {Tree.Destination} of the root file system", "leave tmpcopyup away, or give its files to IDs of the container"),
        Errno.ECANCELED or Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP => new Hint($"{Tree.Destination} of the root file system changed while it was copied", "try again while nothing writes there"),
        _ => null,
    };

    private void File(RawProgram program, CopiedEntry entry, nint path, nint stat, nint empty)
    {
        // O_NONBLOCK: a FIFO that has taken the file's place must not hold the launch up.
        program.Call(Syscall.openat2, [Source, path, How(program, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOFOLLOW, 0), 24], From);
        program.Call(Syscall.openat2, [Target, path, How(program, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, 0x180), 24], To);
        for (long left = entry.Size; left > 0; left -= Most)
        {
            program.Call(Syscall.sendfile, [To, From, 0, Math.Min(left, Most)]);
        }

        // A full file system ends sendfile early without an error: only the next call tells. Anything more to read, and the file has grown.
        program.CallExpectingNothing(Syscall.sendfile, [To, From, 0, 1]);
        program.Call(Syscall.statx, [From, empty, EmptyPath, StatBasic, stat]);
        program.LoadSlot(Uid, stat + StatUid);
        program.LoadSlot(Gid, stat + StatGid);
        // EINVAL: an ID that the container has not. The file shows as nobody's there; its copy is the root's who makes it.
        program.Call(Syscall.fchown, [To, Uid, Gid], null, [Errno.EINVAL]);
        program.Call(Syscall.fchmod, [To, entry.Mode]);
        Attributes(program, entry);
        program.Call(Syscall.utimensat, [To, 0, Times(program, entry), 0]);
        program.Call(Syscall.close, [From]);
        program.Call(Syscall.close, [To]);
    }

    private void Finish(RawProgram program, CopiedEntry entry, nint path, nint stat)
    {
        bool top = entry.Path.Length == 0;
        if (!(top && Tree.KeepsOwner))
        {
            Owner(program, path, stat);
        }

        if (!(top && Tree.KeepsMode))
        {
            program.Call(Syscall.fchmodat, [Target, path, entry.Mode]);
        }

        program.Call(Syscall.utimensat, [Target, path, Times(program, entry), Nofollow]);
    }

    private void Finish(StraceText text, CopiedEntry entry, string path)
    {
        bool top = entry.Path.Length == 0;
        if (!(top && Tree.KeepsOwner))
        {
            Owner(text, path);
        }

        if (!(top && Tree.KeepsMode))
        {
            text.Call("fchmodat", $"{Target}", path, $"0{Convert.ToString(entry.Mode, 8)}");
        }

        text.Call("utimensat", $"{Target}", path, "...");
    }

    private void Owner(RawProgram program, nint path, nint stat)
    {
        program.Call(Syscall.statx, [Source, path, Nofollow, StatBasic, stat]);
        program.LoadSlot(Uid, stat + StatUid);
        program.LoadSlot(Gid, stat + StatGid);
        program.Call(Syscall.fchownat, [Target, path, Uid, Gid, Nofollow], null, [Errno.EINVAL]);
    }

    private void Owner(StraceText text, string path)
    {
        text.Call("statx", $"{Source}", path, "AT_SYMLINK_NOFOLLOW", "STATX_BASIC_STATS", "...");
        text.Call("fchownat", $"{Target}", path, $"{Uid}", $"{Gid}", "AT_SYMLINK_NOFOLLOW");
    }

    // What a tmpfs, or this user namespace, does not take: user attributes before Linux 6.6, capabilities of a file whose owner is none.
    private void Attributes(RawProgram program, CopiedEntry entry)
    {
        foreach (CopiedAttribute attribute in entry.Attributes)
        {
            program.Call(Syscall.fsetxattr, [To, (long)program.Utf8(attribute.Name), (long)program.Bytes(attribute.Value.AsSpan()), attribute.Value.Length, 0], null, [Errno.EPERM]);
        }
    }

    private void Attributes(StraceText text, CopiedEntry entry)
    {
        foreach (CopiedAttribute attribute in entry.Attributes)
        {
            text.Call("fsetxattr", $"{To}", StraceText.Quote(attribute.Name), "...");
        }
    }

    private static long How(RawProgram program, OpenFlags flags, ulong mode)
    {
        ReadOnlySpan<ulong> how = [(ulong)(uint)(flags | OpenFlags.O_CLOEXEC).ForKernel(), mode, (ulong)Beneath];
        return program.Bytes(MemoryMarshal.AsBytes(how));
    }

    private static long Times(RawProgram program, CopiedEntry entry)
    {
        ReadOnlySpan<long> times = [entry.Accessed.sec, entry.Accessed.nsec, entry.Modified.sec, entry.Modified.nsec];
        return program.Bytes(MemoryMarshal.AsBytes(times));
    }
}
