using System.Collections.Immutable;
using Csrun.Linux.Child;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>A launch plan on its way to a shell script: who has been translated so far, and what takes the place of each descriptor.</summary>
/// <remarks>
/// util-linux knows no detached mounts, so a directory <c>wait</c> takes their place, a waiting room from which they are moved; and no
/// descriptors, so paths below the new root are looked up by hand. pivot_root takes the host's programs away, so it comes last, and what
/// is needed afterwards is copied. docs/adr/0023-explain-sh.md.
/// </remarks>
internal sealed partial class ShellScript
{
    private readonly LaunchPlan _plan;
    private readonly Dictionary<int, ShellPlace> _places = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _lost = new(StringComparer.Ordinal);
    private readonly List<string> _impossible = [];
    private readonly List<(Step Step, string Command)> _afterPivot = [];
    private readonly FdSlot? _root;
    private ImmutableArray<IdMapping> _uids = [];
    private bool _maps;
    private bool _joins;

    internal ShellScript(LaunchPlan plan)
    {
        _plan = plan;
        for (int i = 1; i < plan.Steps.Length; i++)
        {
            if (plan.Steps[i] is ChildStep { Op: FchdirOp root })
            {
                _root = root.Fd; // pivot_root makes it the root
            }
        }

        Translate();
    }

    /// <summary>The control groups, which are there before the child is.</summary>
    internal ShellSection ControlGroups { get; } = new();

    /// <summary>The files with which the child goes into its control groups.</summary>
    internal List<string> Entered { get; } = [];

    /// <summary>What csrun does.</summary>
    internal ShellSection Csrun { get; } = new();

    /// <summary>What the child does.</summary>
    internal ShellSection Child { get; } = new();

    /// <summary>What the script does not do, a sentence each.</summary>
    internal IReadOnlyCollection<string> Lost => _lost;

    /// <summary>What the plan has and no script can do without deceiving its reader: it says so and ends.</summary>
    internal IReadOnlyList<string> Impossible => _impossible;

    /// <summary>The namespaces, as options of unshare(1).</summary>
    internal List<string> Unshare { get; } = [];

    /// <summary>The programs that are needed when the host's root has gone.</summary>
    internal SortedSet<string> Tools { get; } = new(StringComparer.Ordinal) { "env", "setpriv" };

    /// <summary>Whether there is a new user namespace.</summary>
    internal bool UserNamespace => _maps;

    /// <summary>Whether the command runs in a root file system of its own, where the host's programs are not.</summary>
    internal bool HasContainer => _root is not null || Joined is not null;

    /// <summary>Whether the container's root is the caller, who then may do what it does.</summary>
    internal bool RootIsCaller => !_maps || new IdMap(_uids).ToHost(_setup.Uid) == _plan.Facts!.CallerUid;

    /// <summary>Whether the caller can remove what the container's users leave behind.</summary>
    internal bool CallerCanRemove => !_maps || _plan.Facts!.IsPrivileged;

    /// <summary>Whether the caller's standard input becomes the command's.</summary>
    internal bool Interactive { get; private set; } = true;

    /// <summary>The user and group that makes the root file system, in the container.</summary>
    internal SetIdsOp Setup => _setup;

    /// <summary>Where the container's process is, for a further process in a container that runs.</summary>
    internal OpenDescriptor? Joined { get; private set; }

    /// <summary>The file system that the layer of the container's own is on: a directory of the script's in its place.</summary>
    private bool IsOwnDirectory(string path) => path == _plan.OwnDirectory;

    private void Translate()
    {
        foreach (Step step in _plan.Steps)
        {
            if (step is CsrunStep own)
            {
                Translate(own);
            }
            else if (step is ChildStep child)
            {
                _ = Files(child) || Mounts(child) || System(child) || Process(child) || Scheduling(child) || Other(child);
            }
        }
    }

    private bool Other(ChildStep step)
    {
        switch (step.Op)
        {
            case AwaitBarrierOp barrier:
                if (_joins)
                {
                    Child.Note(step, "there is nobody to wait for: nsenter(1) joins by itself");
                }
                else
                {
                    Child.Add(step, "read -r _ <&9 || exit 125");
                }

                break;
            case JoinTasksOp tasks:
                Enter(step, tasks.Path);
                if (!_joins)
                {
                    Child.Note(step, "done: the child began in its control groups");
                }

                break;
            case EnterNamespaceOp enter:
                _impossible.Add($"{step.Why}: a script for namespaces of others is not made");
                Child.Note(step, $"left out: {enter.ManPage}");
                break;
            case CloseOp or CloseDescriptorsOp or CheckCsrunAliveOp:
                Child.Note(step, "a shell opens files for a single command only, so there is nothing to close or to look at here");
                break;
            default:
                _lost.Add($"{step.Op.ManPage}: {ShellText.Comment(step.Why)}");
                Child.Note(step, $"left out, no program does it: {step.Why}");
                break;
        }

        return true;
    }

    /// <summary>A name in the script's directory that no other slot has.</summary>
    private string Unique(string name)
    {
        string made = ShellText.FileName(name);
        int count = _names[made] = _names.GetValueOrDefault(made) + 1;
        return count == 1 ? made : $"{made}-{count}";
    }

    /// <summary>A new place in the waiting room; the root has a place of its own.</summary>
    private string Waiting(FdSlot slot)
    {
        string path = slot == _root ? "root" : $"wait/{Unique(slot.Name)}";
        _places[slot.Index] = new ShellPlace.Own(path);
        return path;
    }

    private ShellPlace? Place(FdSlot? slot) => slot is { } s ? _places.GetValueOrDefault(s.Index) : null;

    private string OwnPath(FdSlot slot) => Place(slot) is ShellPlace.Own own ? own.Path : "wait/missing";
}
