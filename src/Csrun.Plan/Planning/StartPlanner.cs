using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The end of a launch that stops before the command: the container is written down, csrun ends, and <c>csrun start</c> lets the command run.</summary>
/// <remarks>
/// runtime-spec runtime.md, "Lifecycle". The system call filter may be in force already, and is the configuration's: from here on
/// the child uses read(2), sendmsg(2), prctl(2), dup3(2) and execve(2) only. docs/adr/0031.
/// </remarks>
internal sealed class StartPlanner
{
    // Numbers out of the way of those that the command keeps. Descriptors arrive as the lowest free ones, so never as one of these.
    private const int StartFd = 210;
    private const int StartedFd = 211;
    private const int HookStateFd = 212;
    private const int ControlFd = 213;
    private const int FirstPreserved = 220;

    /// <summary>Above each of them.</summary>
    public const ulong NumbersEnd = 256;

    /// <summary>The point at which all is done but the command.</summary>
    internal const string Ready = "container made";

    private readonly PlanContext _context;
    private readonly PlanBuilder _plan;
    private readonly FdSlot? _start;
    private readonly FdSlot? _started;
    private readonly FdSlot? _hookState;
    private readonly FdSlot? _control;
    private readonly FdSlot[] _preserved;

    /// <summary>Puts what csrun has sent under numbers that stay.</summary>
    /// <param name="context">The launch.</param>
    /// <param name="received">The slots of <see cref="Descriptors"/>.</param>
    public StartPlanner(PlanContext context, ReadOnlySpan<FdSlot> received)
    {
        _context = context;
        _plan = context.Builder;
        LaunchRequest request = context.Request;
        int at = 0;
        if (request.Start is not null)
        {
            _start = Keep(received[at++], StartFd, "what csrun start writes to");
            _started = Keep(received[at++], StartedFd, "what csrun start reads, and execve closes");
        }

        if (context.Hooks.Created is { } created)
        {
            _hookState = Keep(created, HookStateFd, "what startContainer hooks read");
        }

        if (request.Start is null && request.Preserved.Length != 0)
        {
            FdSlot control = _plan.NewSlot("control, moved");
            _plan.Child(new Dup3Op(_context.Control, ControlFd, CloseOnExec: true, control), "its number is the command's", "the descriptor that the caller wants to hand over would overwrite the control socket");
            _control = control;
        }

        _preserved = new FdSlot[request.Preserved.Length];
        for (int i = 0; i < _preserved.Length; i++)
        {
            _preserved[i] = Keep(received[at++], FirstPreserved + i, "a descriptor that the command is to have");
        }
    }

    /// <summary>What csrun sends beside the standard streams.</summary>
    public static IEnumerable<OpenDescriptor> Descriptors(LaunchRequest request) =>
        request.Start is { } start ? [start.Start, start.Started, .. request.Preserved] : request.Preserved;

    /// <summary>Closes everything but what is needed still.</summary>
    public void CloseOthers()
    {
        const string Why = "nothing of the host stays reachable through /proc/self/fd";
        const int After = PlanContext.RootFd + 1;
        // Everything but the numbers that are kept, range by range.
        int first = After;
        foreach (int kept in Kept())
        {
            if (kept > first)
            {
                _plan.Child(new CloseDescriptorsOp(first, (uint)kept - 1), Why, "a working directory /proc/self/fd/7 would be a directory of the host (CVE-2024-21626)");
            }

            first = kept + 1;
        }

        _plan.Child(new CloseDescriptorsOp(first), Why, "a working directory /proc/self/fd/7 would be a directory of the host (CVE-2024-21626)");
    }

    /// <summary>Waits for <c>csrun start</c>, once csrun has written the container down.</summary>
    public void Await()
    {
        if (_start is not { } start || _started is not { } started)
        {
            return;
        }

        const string Recorded = "container recorded";
        const string Alone = "container on its own";
        _plan.Child(new AnnounceOp(Ready, _context.Control), "all is done but the command", "create would report success for a container that cannot start");
        _plan.Csrun(new AwaitChildOp(Ready), "a failure until here is this csrun's to report", "create would report success for a container that cannot start");
        _plan.Csrun(new WriteRecordOp(), "from here on every csrun can find the container", "no start, state or delete would know the container");
        _plan.Csrun(new PassBarrierOp(Recorded, []), "the child may let go of csrun", "the child would wait for ever");
        _plan.Child(new AwaitByteOp(Recorded, _context.Control), "a container that is not written down must not stay", "a full disk would leave a process that no csrun knows");
        _plan.Child(PrctlOp.OutliveCsrun, "csrun ends now, the container stays", "the container would end with create");
        _plan.Child(new AnnounceOp(Alone, _context.Control), "had csrun ended before, the container would have, too", "create could end too early, and take the container with it");
        _plan.Csrun(new AwaitChildOp(Alone), "had csrun ended before, the container would have, too", "create could end too early, and take the container with it");
        _plan.Child(new ReportFailuresOp(started), "csrun start reads there", "a command that cannot be executed would be nobody's to report: create has ended");
        _plan.Child(new AwaitByteOp("start", start), "csrun start writes one byte", "the command would run at once, before the engine has set up its network");
    }

    /// <summary>Runs the hooks that come right before the command.</summary>
    public void RunHooks() => _context.Hooks.Start(_hookState);

    /// <summary>Gives the command its further descriptors, from 3 on, where csrun's own have been so far.</summary>
    public void HandOver()
    {
        if (_preserved.Length == 0)
        {
            return;
        }

        if (_control is { } control)
        {
            _plan.Child(new ReportFailuresOp(control), "csrun waits at its other end", "a failure from here on would have nobody to be reported to");
        }

        for (int i = 0; i < _preserved.Length; i++)
        {
            _plan.Child(new Dup3Op(_preserved[i], 3 + i, CloseOnExec: false), $"descriptor {3 + i} of the command", "--preserve-fds would be asked for and not happen: socket activation fails");
        }
    }

    private IEnumerable<int> Kept() =>
    [
        .. _start is null ? (int[])[] : [StartFd, StartedFd],
        .. _hookState is null ? (int[])[] : [HookStateFd],
        .. _control is null ? (int[])[] : [ControlFd],
        .. Enumerable.Range(FirstPreserved, _preserved.Length),
    ];

    private FdSlot Keep(FdSlot received, int number, string why)
    {
        FdSlot kept = _plan.NewSlot($"{received.Name} {number}");
        _plan.Child(new Dup3Op(received, number, CloseOnExec: true, kept), why, "the descriptor could be closed with all others, or have a number that the command is to have");
        return kept;
    }
}
