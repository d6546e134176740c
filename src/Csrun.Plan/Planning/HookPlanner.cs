using System.Collections.Immutable;
using Csrun.Linux.Child;
using Csrun.Oci;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Planning;

/// <summary>The hooks that run while a container is made (runtime-spec config.md, "POSIX-platform Hooks"); poststart and poststop belong to start and delete.</summary>
internal sealed class HookPlanner(PlanContext context)
{
    private readonly PlanBuilder _plan = context.Builder;
    private FdSlot? _creating;

    private Hooks? Hooks => context.Spec.Hooks;

    /// <summary>The state that startContainer's hooks read; null without such hooks.</summary>
    public FdSlot? Created { get; private set; }

    /// <summary>Whether there are hooks that run between the last mount and pivot_root: all but those of start and delete.</summary>
    public bool WantMounts => Hooks is { } hooks && (hooks.Prestart.Count != 0 || hooks.CreateRuntime.Count != 0 || hooks.CreateContainer.Count != 0);

    /// <summary>prestart and createRuntime: csrun runs them in its own namespaces, once those of the container are there.</summary>
    public void Runtime()
    {
        if (Hooks is not { } hooks)
        {
            return;
        }

        ImmutableArray<(string, Hook)> ofCsrun = [.. Named("prestart", hooks.Prestart), .. Named("createRuntime", hooks.CreateRuntime)];
        List<SentDescriptor> sent = [];
        List<FdSlot> received = [];
        if (hooks.CreateContainer.Count != 0)
        {
            _creating = Take("creating");
        }

        if (hooks.StartContainer.Count != 0)
        {
            Created = Take("created");
        }

        if (ofCsrun.IsEmpty && sent.Count == 0)
        {
            return;
        }

        string Made = WantMounts ? "namespaces and mounts made" : "namespaces made";
        const string Run = "hooks have run";
        _plan.Child(new AnnounceOp(Made, context.Control), "hooks find the container's namespaces, and its mounts below the root file system's directory, by its process", "csrun would run the hooks before there is anything to set up");
        _plan.Csrun(new AwaitChildOp(Made), "hooks find the container's namespaces, and its mounts below the root file system's directory, by its process", "csrun would run the hooks before there is anything to set up");
        if (!ofCsrun.IsEmpty)
        {
            _plan.Csrun(new RunHooksOp(ofCsrun), "hooks that the configuration asks for, before the root is changed", "what engines set up by hooks would be missing: GPUs, networks, mounts");
        }

        _plan.Csrun(new PassBarrierOp(Run, [.. sent]), "the child may go on", "the child would wait for ever");
        _plan.Child(new AwaitBarrierOp(Run, context.Control, [.. received]), "hooks may have set up what comes next: the network, whose kernel parameters are written then", "the child would change its root while hooks still work on it");

        FdSlot Take(string status)
        {
            FdSlot slot = _plan.NewSlot($"state: {status}");
            sent.Add(new HookState(status));
            received.Add(slot);
            return slot;
        }
    }

    /// <summary>createContainer: the child runs them in the container's namespaces, while paths still are the host's and the container's mounts show below its root's.</summary>
    public void Container() => InChild("createContainer", Hooks?.CreateContainer ?? [], _creating);

    /// <summary>startContainer: the child runs them in the container, right before the command.</summary>
    /// <param name="state">Where the state is by then.</param>
    public void Start(FdSlot? state) => InChild("startContainer", Hooks?.StartContainer ?? [], state);

    private void InChild(string kind, IReadOnlyList<Hook> hooks, FdSlot? state)
    {
        for (int i = 0; i < hooks.Count; i++)
        {
            _plan.Child(new RunHookOp(kind, i, hooks[i], state!.Value), $"a {kind} hook of the configuration", "what the hook is to set up in the container would be missing");
        }
    }

    private static IEnumerable<(string, Hook)> Named(string kind, IReadOnlyList<Hook> hooks) => hooks.Select((hook, i) => ($"$.hooks.{kind}[{i}]", hook));
}
