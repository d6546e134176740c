using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>Settings of the new namespaces and of the process: host name, loopback, kernel parameters, clocks, out-of-memory score.</summary>
internal static class SystemPlanner
{
    public static void Plan(PlanContext context)
    {
        PlanBuilder plan = context.Builder;
        Spec spec = context.Spec;
        if (spec.Hostname is { Length: > 0 } hostname && context.HasOwn(CloneFlags.CLONE_NEWUTS))
        {
            plan.Child(new SetNamesOp(hostname, Domain: false), "the container's own host name", "the host's name would show: a new UTS namespace starts as a copy");
        }

        if (spec.Domainname is { Length: > 0 } domain && context.HasOwn(CloneFlags.CLONE_NEWUTS))
        {
            plan.Child(new SetNamesOp(domain, Domain: true), "the container's own domain name", "the host's NIS domain name would show");
        }

        if (context.Has(CloneFlags.CLONE_NEWNET))
        {
            plan.Child(new LoopbackOp(plan.NewSlot("socket")), "a new network namespace has its loopback interface down", "programs that talk to themselves over 127.0.0.1 would fail with ENETUNREACH");
        }

        foreach ((string name, string value) in spec.Linux?.Sysctl ?? new Dictionary<string, string>())
        {
            Write(context, $"sys/{name.Replace('.', '/')}", value, $"kernel parameter {name} of the new namespaces");
        }
    }

    /// <summary>Settings of the process itself, through the host's proc while it still is the caller: after a change of user the
    /// files of /proc/self belong to the host's root (proc(5), PR_SET_DUMPABLE).</summary>
    public static void OwnProcess(PlanContext context)
    {
        PlanBuilder plan = context.Builder;
        OutOfMemoryScore(context);
        if (context.Has(CloneFlags.CLONE_NEWTIME))
        {
            plan.Child(new UnshareOp(CloneFlags.CLONE_NEWTIME), "a time namespace; this process enters it at execve", "the offsets would have nowhere to hold: the host's clocks are not changed for one process");
            foreach ((string clock, TimeOffset offset) in Offsets(context.Spec))
            {
                plan.Child(new WriteFileOp(null, "/proc/self/timens_offsets", $"{clock} {offset.Secs} {offset.Nanosecs}\n", plan.NewSlot("timens_offsets")), $"the offset of the {clock} clock", "the clock would show the host's time since boot");
            }
        }
    }

    /// <summary>How soon the kernel ends the process when memory runs out.</summary>
    public static void OutOfMemoryScore(PlanContext context)
    {
        if (context.Spec.Process?.OomScoreAdj is { } score)
        {
            context.Builder.Child(new WriteFileOp(null, "/proc/self/oom_score_adj", score.ToString(), context.Builder.NewSlot("oom_score_adj")), "how soon the kernel ends the container when memory runs out", "the caller's own score would hold");
        }
    }

    /// <summary>Writes through the container's own proc by descriptor while it is detached, so that nothing is mounted over it that could redirect the text (CVE-2025-52881) or make it read-only.</summary>
    private static void Write(PlanContext context, string path, string text, string why)
    {
        if (context.Proc is not { } proc)
        {
            throw new Linux.CsrunException($"cannot write /proc/{path}", "the configuration mounts no proc in the container", "add the mount {\"destination\": \"/proc\", \"type\": \"proc\", \"source\": \"proc\"}");
        }

        context.Builder.Child(new WriteFileOp(proc, path, text, context.Builder.NewSlot(path)), why, "the new namespace would have the kernel's default");
    }

    private static IEnumerable<(string Clock, TimeOffset Offset)> Offsets(Spec spec)
    {
        if (spec.Linux?.TimeOffsets?.Monotonic is { } monotonic)
        {
            yield return ("monotonic", monotonic);
        }

        if (spec.Linux?.TimeOffsets?.Boottime is { } boottime)
        {
            yield return ("boottime", boottime);
        }
    }
}
