using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Seccomp;

/// <summary>Turns a profile into the program that seccomp(2) takes, by libseccomp.</summary>
public static unsafe class SeccompCompiler
{
    private const int SCMP_FLTATR_CTL_NNP = 3;
    private const int SCMP_FLTATR_CTL_OPTIMIZE = 8;

    /// <summary>Compiles; takes some milliseconds, which is why <see cref="SeccompCache"/> keeps the outcome.</summary>
    /// <exception cref="CsrunException">libseccomp is missing, or refuses the profile.</exception>
    public static SeccompFilter Compile(SeccompProfile profile) => Compile(profile, LibSeccomp.Load());

    /// <summary>The version of libseccomp, such as 2.5.4; null where there is none.</summary>
    public static string? LibraryVersion()
    {
        try
        {
            return LibSeccomp.Load().Version;
        }
        catch (CsrunException)
        {
            return null;
        }
    }

    internal static SeccompFilter Compile(SeccompProfile profile, LibSeccomp library)
    {
        nint context = library.Init(Action(profile.DefaultAction, profile.DefaultErrnoRet));
        if (context == 0)
        {
            throw Refused($"default action {profile.DefaultAction}", Errno.EINVAL);
        }

        try
        {
            ImmutableArray<string>.Builder notes = ImmutableArray.CreateBuilder<string>();
            // libseccomp starts with this machine's architecture; naming it again is EEXIST.
            foreach (ScmpArch arch in profile.Architectures)
            {
                int rc = library.ArchAdd(context, (uint)arch);
                if (rc != 0 && rc != -(int)Errno.EEXIST)
                {
                    throw Refused($"architecture {arch}", (Errno)(-rc));
                }
            }

            // The caller decides on no_new_privs; an export does not set it, a later load by mistake must not either.
            library.AttrSet(context, SCMP_FLTATR_CTL_NNP, 0);
            // A binary tree (libseccomp 2.5) costs a call 8 comparisons instead of 300. Below 2.5.5 it fails on an empty
            // rule set, and does not pay on a small one. Older libraries refuse the attribute, which is no harm.
            if (CountCalls(profile) > 32)
            {
                library.AttrSet(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
            }

            foreach (SeccompRule rule in profile.Rules)
            {
                Add(library, context, profile, rule, notes);
            }

            byte[] program = EnosysPrologue.Prepend(profile, library, Export(library, context));
            if (program.Length > SeccompFilter.MaxInstructions * SeccompFilter.InstructionSize)
            {
                throw new CsrunException(
                    "seccomp: the profile is too large",
                    $"it compiles to {program.Length / SeccompFilter.InstructionSize} instructions and the kernel takes {SeccompFilter.MaxInstructions} (BPF_MAXINSNS)",
                    "give the profile fewer rules with conditions on arguments, or fewer architectures");
            }

            return new SeccompFilter(program, profile.Flags, notes.ToImmutable());
        }
        finally
        {
            library.Release(context);
        }
    }

    private static void Add(
        LibSeccomp library, nint context, SeccompProfile profile, SeccompRule rule, ImmutableArray<string>.Builder notes)
    {
        uint action = Action(rule.Action, rule.ErrnoRet);
        if (action == Action(profile.DefaultAction, profile.DefaultErrnoRet))
        {
            return; // libseccomp answers EACCES to a rule that changes nothing
        }

        foreach (string name in rule.Names)
        {
            int number = library.Resolve(name);
            if (number == LibSeccomp.UnknownCall)
            {
                // Newer than the library, or mistyped: skipped as runc does.
                if (profile.NotesUnknownCalls)
                {
                    notes.Add($"seccomp profile: \"{name}\" is no system call that libseccomp {library.Version} knows; its rule is left out");
                }

                continue;
            }

            if (OneConditionAnArgument(rule.Args))
            {
                Add(library, context, action, name, number, rule.Args.AsSpan());
                continue;
            }

            for (int i = 0; i < rule.Args.Length; i++)
            {
                Add(library, context, action, name, number, rule.Args.AsSpan(i, 1));
            }
        }
    }

    private static void Add(LibSeccomp library, nint context, uint action, string name, int number, ReadOnlySpan<SeccompArg> args)
    {
        LibSeccomp.ScmpArgCmp* conditions = stackalloc LibSeccomp.ScmpArgCmp[6];
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i].Index > 5)
            {
                throw Refused($"argument {args[i].Index} of {name} (there are 0 to 5)", Errno.EINVAL);
            }

            conditions[i] = new() { arg = args[i].Index, op = (int)args[i].Op, datum_a = args[i].Value, datum_b = args[i].ValueTwo };
        }

        // SAFETY: the array is on this frame, has at most one entry for each of six arguments, and is only read.
        int rc = library.RuleAddArray(context, action, number, (uint)args.Length, conditions);
        if (rc != 0)
        {
            throw Refused($"the rule for {name}", (Errno)(-rc));
        }
    }

    private static bool OneConditionAnArgument(ImmutableArray<SeccompArg> args)
    {
        uint seen = 0;
        foreach (SeccompArg arg in args)
        {
            uint bit = 1u << (int)(arg.Index & 31);
            if ((seen & bit) != 0)
            {
                return false;
            }

            seen |= bit;
        }

        return true;
    }

    private static int CountCalls(SeccompProfile profile)
    {
        int count = 0;
        foreach (SeccompRule rule in profile.Rules)
        {
            count += rule.Names.Length;
        }

        return count;
    }

    internal static uint Action(ScmpAct action, ushort number) =>
        action is ScmpAct.SCMP_ACT_ERRNO or ScmpAct.SCMP_ACT_TRACE ? (uint)action | number : (uint)action;

    private static byte[] Export(LibSeccomp library, nint context)
    {
        // SAFETY: library.Export* take the context that Init gave; buffers are pinned, their length is passed along.
        if (library.ExportBpfMem != null)
        {
            nuint length = 0;
            int rc = library.ExportBpfMem(context, null, &length);
            byte[] program = new byte[rc == 0 ? (int)length : 0];
            fixed (byte* p = program)
            {
                rc = rc == 0 ? library.ExportBpfMem(context, p, &length) : rc;
            }

            return rc == 0 ? program : throw Refused("the profile", (Errno)(-rc));
        }

        using SafeFd memfd = MemoryFile();
        int exported = library.ExportBpf(context, memfd.Number);
        if (exported != 0)
        {
            throw Refused("the profile", (Errno)(-exported));
        }

        Sys.Lseek(memfd, 0, 0).OrThrow("lseek");
        byte[] buffer = new byte[64 * 1024];
        int total = 0;
        while (true)
        {
            int n = (int)Sys.Read(memfd, buffer.AsSpan(total)).OrThrow("read", "memfd:csrun-seccomp");
            if (n == 0)
            {
                return buffer.AsSpan(0, total).ToArray();
            }

            total += n;
            if (total == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    private static SafeFd MemoryFile()
    {
        const nint MFD_CLOEXEC = 1;
        // SAFETY: the name is static data that ends with a zero.
        fixed (byte* name = "csrun-seccomp\0"u8)
        {
            return Sys.Retry(Syscall.memfd_create, (nint)name, MFD_CLOEXEC).FdOrThrow("memfd_create");
        }
    }

    private static CsrunException Refused(string what, Errno errno) => new(
        $"seccomp: libseccomp refuses {what}: {errno} ({errno.Describe()})",
        errno switch
        {
            Errno.EEXIST => "an earlier rule gives the same call and conditions another action",
            Errno.EDOM => "no architecture of the profile has that call",
            _ => null,
        },
        "correct the profile, or csrun run --security-opt seccomp=unconfined ...");
}
