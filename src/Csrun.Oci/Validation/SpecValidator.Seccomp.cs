namespace Csrun.Oci;

/// <content>config-linux.md, "Seccomp".</content>
public static partial class SpecValidator
{
    /// <summary>The kernel's MAX_ERRNO: seccomp(2) caps what a filter returns to it.</summary>
    private const uint ErrnoLimit = 4095;

    private static void CheckSeccomp(Seccomp? seccomp, Findings found)
    {
        if (seccomp is null)
        {
            return;
        }

        const string At = "$.linux.seccomp";
        found.Word($"{At}.defaultAction", seccomp.DefaultAction, KnownWords.SeccompActions, "a seccomp action");
        CheckErrno($"{At}.defaultErrnoRet", seccomp.DefaultAction, seccomp.DefaultErrnoRet, found);
        if (seccomp.DefaultAction == "SCMP_ACT_NOTIFY")
        {
            // The container's own start would wait for an answer that nobody can give yet.
            found.Mistake($"{At}.defaultAction", "SCMP_ACT_NOTIFY cannot be the default", "name the system calls to notify of");
        }

        found.Words($"{At}.architectures", seccomp.Architectures, KnownWords.SeccompArchitectures, "a seccomp architecture");
        found.Words($"{At}.flags", seccomp.Flags, KnownWords.SeccompFlags, "a seccomp flag");
        if (seccomp.ListenerMetadata is not null && seccomp.ListenerPath is null)
        {
            found.Mistake($"{At}.listenerMetadata", "set without listenerPath", "add listenerPath, or leave it out");
        }

        for (int i = 0; i < seccomp.Syscalls.Count; i++)
        {
            CheckSyscallRule($"{At}.syscalls[{i}]", seccomp.Syscalls[i], seccomp, found);
        }
    }

    private static void CheckSyscallRule(string path, SeccompSyscall rule, Seccomp seccomp, Findings found)
    {
        if (rule.Names.Count == 0)
        {
            found.Mistake($"{path}.names", "empty: a rule names at least one system call");
        }

        for (int i = 0; i < rule.Names.Count; i++)
        {
            if (rule.Names[i].Length == 0)
            {
                found.Mistake($"{path}.names[{i}]", "an empty name");
            }
        }

        found.Word($"{path}.action", rule.Action, KnownWords.SeccompActions, "a seccomp action");
        CheckErrno($"{path}.errnoRet", rule.Action, rule.ErrnoRet, found);
        if (rule.Action == "SCMP_ACT_NOTIFY" && seccomp.ListenerPath is null)
        {
            found.Mistake($"{path}.action", "SCMP_ACT_NOTIFY needs a listener", "set $.linux.seccomp.listenerPath");
        }

        for (int i = 0; i < rule.Args.Count; i++)
        {
            string arg = $"{path}.args[{i}]";
            found.Word($"{arg}.op", rule.Args[i].Op, KnownWords.SeccompOperators, "a seccomp operator");
            if (rule.Args[i].Index > 5)
            {
                found.Mistake($"{arg}.index", $"must be from 0 to 5, not {rule.Args[i].Index}: system calls have six arguments");
            }
        }
    }

    private static void CheckErrno(string path, string action, uint? errno, Findings found)
    {
        if (errno is null)
        {
            return;
        }

        if (action is not "SCMP_ACT_ERRNO" and not "SCMP_ACT_TRACE")
        {
            // The specification: an errno beside an action that takes none is an error.
            if (Array.IndexOf(KnownWords.SeccompActions, action) >= 0)
            {
                found.Mistake(path, $"{action} returns no errno", "leave it out");
            }
        }
        else if (errno > (action == "SCMP_ACT_ERRNO" ? ErrnoLimit : ushort.MaxValue))
        {
            found.Mistake(path, $"{errno} is above {(action == "SCMP_ACT_ERRNO" ? ErrnoLimit : ushort.MaxValue)}, the largest the kernel returns");
        }
    }
}
