using System.Collections.Immutable;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>From the finished root file system to the command: limits, capabilities, filter, user, session, execve.</summary>
internal static class ProcessPlanner
{
    /// <summary>Adds the steps.</summary>
    /// <param name="context">The launch.</param>
    /// <param name="terminal">The terminal's slot; null without one.</param>
    /// <param name="labelled">Whether the labels from execve on are set already.</param>
    public static void Plan(PlanContext context, FdSlot? terminal, bool labelled = false)
    {
        PlanBuilder plan = context.Builder;
        LaunchRequest request = context.Request;
        Process process = context.Spec.Process ?? throw new Linux.CsrunException("the configuration has no process");
        const string Barrier = "signals forwarded";
        if (request.Start is null)
        {
            plan.Csrun(new ForwardSignalsOp(), "what csrun is sent goes to the container from here on, while the child makes its file systems", "Ctrl-C or kill would end csrun alone");
        }

        ImmutableArray<OpenDescriptor> open = [.. request.Streams.Select(s => s.Source), .. StartPlanner.Descriptors(request)];
        ImmutableArray<SentDescriptor> made = labelled ? [] : LabelPlanner.Descriptors(request);
        ImmutableArray<FdSlot> streams = [.. open.Select(s => plan.NewSlot(s.Name)), .. made.Select(_ => plan.NewSlot("procfs"))];
        plan.Csrun(new PassBarrierOp(Barrier, [.. open, .. made]), "the command may run", "the child would wait for ever");
        plan.Child(new AwaitBarrierOp(Barrier, context.Control, streams), "a signal to csrun that came now would reach nobody", "a signal between execve and csrun's handlers would end csrun, and the command with it by SIGKILL, without a chance to finish");
        for (int i = 0; i < request.Streams.Length; i++)
        {
            plan.Child(new Dup3Op(streams[i], request.Streams[i].Number, CloseOnExec: false), request.Streams[i].Number == 0 ? "standard input" : request.Streams[i].Number == 1 ? "standard output" : "standard error", "the command in the background would write to the terminal of the caller, and fail when that is closed");
        }

        LabelPlanner.Apply(context, made.IsEmpty ? null : streams[^1]);
        Limits(context, late: false);
        SchedulingPlanner.Plan(context);
        if (context.Spec.Linux?.Personality is { } personality)
        {
            plan.Child(new PersonalityOp(personality.Domain == "LINUX32"), "the execution domain that was asked for", "uname -m would name the host's machine, and builds for 32 bits would take it for theirs");
        }

        if (!request.KeepsKeyring)
        {
            plan.Child(new SessionKeyringOp(), "keys of the caller's session stay the caller's; before the filter, which refuses keyctl", "the container could read the keys in the caller's session keyring, such as Kerberos tickets or disk keys");
        }

        Capabilities? capabilities = process.Capabilities;
        plan.Child(new CapabilityBoundingOp(Mask(capabilities?.Bounding), request.Facts.LastCapability), "no program of the container, set-user-ID or not, can gain what is dropped here", "execve makes the capabilities of root, and of every set-user-ID program, anew from this set: they would be all, and mounts, network and host name could be changed");
        plan.Child(new PrctlOp(PrctlOption.PR_SET_KEEPCAPS, 1, "1"), "keep the permitted capabilities over the change of user, to set them exactly next", "the change to a user other than 0 would take all capabilities away, also those that the configuration grants");
        plan.Child(
            new SetIdsOp(process.User.Uid, process.User.Gid, request.KeepGroups || (request.DenySetgroups && context.OwnUserNamespace) ? default : [.. process.User.AdditionalGids.Distinct()]),
            request.KeepGroups ? "the container's user; the caller's supplementary groups stay, as --group-add keep-groups asks" : "the container's user",
            "the command would run as the container's root, whatever --user says");
        // Without no_new_privs the kernel wants CAP_SYS_ADMIN for a filter (seccomp(2)). It is kept until the filter is there, and the
        // filter comes last: it is the configuration's, and need not allow what the steps before it call.
        CapsetOp granted = new(Mask(capabilities?.Effective), Mask(capabilities?.Permitted), Mask(capabilities?.Inheritable));
        ulong forFilter = request.SeccompFilter is not null && !process.NoNewPrivileges ? CapabilitySet.Of(Capability.CAP_SYS_ADMIN).Mask : 0;
        CapsetOp kept = granted with { Effective = granted.Effective | forFilter, Permitted = granted.Permitted | forFilter };
        plan.Child(kept, kept == granted ? "exactly the capabilities that were granted" : "the capabilities that were granted, and CAP_SYS_ADMIN, which the filter needs", "until execve this process would keep every capability, also while it looks up the working directory; what the configuration says of permitted and inheritable ones would not hold");
        // capabilities(7): only what is permitted and inheritable can be ambient. Engines leave the inheritable set empty (CVE-2022-24769)
        // and list ambient ones all the same; runc raises what can be raised, too.
        Ambient(context, Mask(capabilities?.Ambient) & granted.Permitted & granted.Inheritable);
        if (process.NoNewPrivileges)
        {
            plan.Child(new PrctlOp(PrctlOption.PR_SET_NO_NEW_PRIVS, 1, "1"), "set-user-ID programs and file capabilities grant nothing", "su and sudo in the image would work");
        }

        if (!request.OutlivesCsrun)
        {
            plan.Child(PrctlOp.DieWithCsrun, "a change of user clears the parent-death signal", "kill -9 of csrun would leave the container running with nobody who waits for it");
        }

        plan.Child(new CheckCsrunAliveOp(context.Control), "csrun may have ended before that took effect", "if csrun was killed a moment ago, the signal was never sent, and the container would live on unseen");
        plan.Child(new PrctlOp(PrctlOption.PR_SET_DUMPABLE, 0, "SUID_DUMP_DISABLE"), "until execve this is csrun's memory: no process of the container may trace it, or read it in /proc (CVE-2016-9962)", "another process of the container could attach to this one and take over what csrun's memory has");
        if (request.Init)
        {
            Restrict(context, kept, granted); // PID 1 is restricted like the command
            plan.Child(new ForkInitOp(), "PID 1 stays behind to reap what the command leaves", "the command would be PID 1: processes that it leaves stay zombies, and SIGTERM does nothing unless it has a handler");
        }

        plan.Child(new SetsidOp(), "the caller's terminal has no power over the container", "Ctrl-C at the caller's terminal would reach the command twice, and the command could push input into that terminal (TIOCSTI)");
        if (terminal is { } peer)
        {
            plan.Child(new ControllingTerminalOp(peer), "the container's own terminal", "there would be no job control and no Ctrl-C: sh says it can't access tty");
        }

        StartPlanner start = new(context, streams.AsSpan()[request.Streams.Length..]);
        start.CloseOthers();
        Limits(context, late: true);
        FdSlot cwd = plan.NewSlot("working directory");
        plan.Child(new WorkingDirectoryOp(string.IsNullOrEmpty(process.Cwd) ? "/" : process.Cwd, cwd), "looked up as the container's user, through no magic link", "the command would start in /, or, by a path that the image made a magic link, outside of the container");
        plan.Child(new ResetSignalsOp(request.Facts.IgnoredSignals), "execve would pass ignored signals and the mask on", "the command could not be interrupted, all signals would stay blocked, and yes | head would not end: SIGPIPE is ignored by csrun's runtime");
        plan.Child(new UmaskOp(process.User.Umask ?? 0x12), "modes of the files that the command makes", "the umask would still be 0, and files of the command would be writable for everybody");
        // With privilege to give up, before the wait: a container that is created has no more than its configuration says. So with a
        // listener, which this csrun hands on.
        bool beforeWait = forFilter != 0 || request.SeccompFilter is { Notifies: true };
        if (!request.Init && beforeWait)
        {
            Restrict(context, kept, granted);
        }

        start.Await();
        start.RunHooks();
        if (!request.Init && !beforeWait)
        {
            Restrict(context, kept, granted);
        }

        start.HandOver();
        plan.Child(new ExecveOp(CommandPath.Candidates(process), [.. process.Args], [.. process.Env]), "the command", "there would be a container and nothing in it");
    }

    // No descriptor gets a number above the limit: what is kept under high numbers (StartPlanner) comes first. Such a limit can only be
    // lower than the caller's, so that it needs no capability.
    private static void Limits(PlanContext context, bool late)
    {
        bool keeps = context.Request.Start is not null || context.Request.Preserved.Length != 0 || context.Hooks.Created is not null;
        foreach (Rlimit limit in context.Spec.Process!.Rlimits)
        {
            if (late == (keeps && limit.Type == "RLIMIT_NOFILE" && limit.Soft < StartPlanner.NumbersEnd))
            {
                context.Builder.Child(new RlimitOp(RlimitNumbers.Of(limit.Type), limit.Type, limit.Soft, limit.Hard), "a resource limit that was asked for", "the caller's own limit would hold");
            }
        }
    }

    private static void Restrict(PlanContext context, CapsetOp kept, CapsetOp granted)
    {
        if (context.Request.SeccompFilter is { } filter)
        {
            context.Builder.Child(new SeccompOp(filter), "which system calls the container may make", "the whole kernel would be open to the container: keyctl, bpf, userfaultfd, and calls whose defects are not found yet");
            if (filter.Notifies)
            {
                context.Builder.Csrun(new SendListenerOp(context.Spec.Linux?.Seccomp?.ListenerPath ?? ""), "the agent decides on the calls that the filter asks about", "the first such call would wait for ever");
            }
        }

        if (kept != granted)
        {
            context.Builder.Child(granted, "exactly the capabilities that were granted: the filter is there", "this process would keep CAP_SYS_ADMIN until execve");
        }
    }

    private static void Ambient(PlanContext context, ulong mask)
    {
        for (int cap = 0; mask >> cap != 0 && cap < 64; cap++)
        {
            if ((mask >> cap & 1) != 0)
            {
                context.Builder.Child(new AmbientCapabilityOp((Capability)cap), "an ambient capability that was asked for: it survives execve of an ordinary user", "execve would take it away from a user other than 0");
            }
        }
    }

    private static ulong Mask(IReadOnlyList<string>? names)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            // A newer kernel's, of which the reader has warned: it is not granted (runtime-spec config.md, "Linux Process").
            mask |= CapabilityNames.TryParse(name, out Capability capability) ? CapabilitySet.Of(capability).Mask : 0;
        }

        return mask;
    }
}
