using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Oci;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>Takes the profile of an OCI configuration.</summary>
public static class OciSeccompProfile
{
    /// <summary>The profile in its neutral form.</summary>
    /// <param name="seccomp">The configuration's object.</param>
    /// <param name="path">Where it stands, for mistakes.</param>
    public static SeccompReading Convert(Oci.Seccomp seccomp, string path = "$.linux.seccomp")
    {
        SeccompConverter converter = new(hasListener: !string.IsNullOrEmpty(seccomp.ListenerPath));
        ScmpAct action = converter.Action($"{path}.defaultAction", seccomp.DefaultAction);
        ImmutableArray<SeccompRule>.Builder rules = ImmutableArray.CreateBuilder<SeccompRule>();
        SeccompProfile profile = new()
        {
            DefaultAction = action,
            DefaultErrnoRet = converter.ErrnoRet($"{path}.defaultErrnoRet", seccomp.DefaultErrnoRet, action),
            Architectures = converter.Architectures($"{path}.architectures", seccomp.Architectures),
            Flags = converter.Flags($"{path}.flags", seccomp.Flags),
            NotesUnknownCalls = true,
            Rules = [],
        };
        for (int i = 0; i < seccomp.Syscalls.Count; i++)
        {
            rules.Add(converter.Rule($"{path}.syscalls[{i}]", seccomp.Syscalls[i]));
        }

        const SeccompFilterFlags OfListeners = SeccompFilterFlags.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
        bool notifies = rules.Any(rule => rule.Action == ScmpAct.SCMP_ACT_NOTIFY);
        SeccompFilterFlags flags = notifies ? profile.Flags | SeccompFilterFlags.SECCOMP_FILTER_FLAG_NEW_LISTENER : profile.Flags & ~OfListeners;
        return converter.Mistakes.Count == 0
            ? new SeccompReading(profile with { Rules = rules.DrainToImmutable(), Flags = flags }, [])
            : new SeccompReading(null, converter.Mistakes);
    }

    /// <summary>The profile as an OCI configuration writes it: what <see cref="Convert"/> takes back.</summary>
    public static Oci.Seccomp From(SeccompProfile profile)
    {
        List<string> flags = [];
        foreach ((string word, SeccompFilterFlags flag) in SeccompWords.Flags)
        {
            if (flag != SeccompFilterFlags.None && (profile.Flags & flag) != 0)
            {
                flags.Add(word);
            }
        }

        List<string> architectures = [];
        foreach (ScmpArch arch in profile.Architectures)
        {
            architectures.Add(arch.ToString());
        }

        List<SeccompSyscall> rules = [];
        foreach (SeccompRule rule in profile.Rules)
        {
            List<Oci.SeccompArg> args = [];
            foreach (Linux.Seccomp.SeccompArg arg in rule.Args)
            {
                args.Add(new Oci.SeccompArg { Index = arg.Index, Value = arg.Value, ValueTwo = arg.ValueTwo, Op = arg.Op.ToString() });
            }

            rules.Add(new SeccompSyscall
            {
                Names = rule.Names, Action = rule.Action.ToString(), ErrnoRet = Number(rule.Action, rule.ErrnoRet), Args = args,
            });
        }

        return new Oci.Seccomp
        {
            DefaultAction = profile.DefaultAction.ToString(),
            DefaultErrnoRet = Number(profile.DefaultAction, profile.DefaultErrnoRet),
            Architectures = architectures,
            Flags = flags,
            Syscalls = rules,
        };

        // An errno beside an action that takes none is a mistake by the specification.
        static uint? Number(ScmpAct action, ushort number) =>
            action is ScmpAct.SCMP_ACT_ERRNO or ScmpAct.SCMP_ACT_TRACE ? number : null;
    }
}
