using System.Globalization;
using Csrun.Linux.Abi;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>Mounts.</summary>
internal sealed partial class ShellScript
{
    private const string NumberedFd = "/proc/self/fd/";
    private readonly Dictionary<int, string> _readOnlyCopies = [];
    private ChildStep? _pivot;
    private readonly List<Step> _pivotSteps = [];

    private bool Mounts(ChildStep step)
    {
        switch (step.Op)
        {
            case PropagationOp propagation:
                Unshare.Add($"--propagation={(propagation.Propagation == MountFlags.MS_SLAVE ? "slave" : propagation.Propagation == MountFlags.MS_SHARED ? "shared" : "private")}");
                Child.Note(step, $"unshare(1) does it, {Unshare[^1]}: {step.Why}");
                return true;
            case UnshareOp unshare:
                Namespaces(unshare.Namespaces);
                Child.Note(step, $"unshare(1) has made them with the first ones: {step.Why}");
                return true;
            case OpenTreeOp tree:
                OpenTree(step, tree);
                return true;
            case NewFilesystemOp made:
                Make(step, made);
                return true;
            case MountSetattrOp attributes:
                Attributes(step, attributes);
                return true;
            case MoveMountOp move:
                Move(step, move);
                return true;
            case FchdirOp or PivotRootOp or MoveRootOp:
                _pivot = step;
                _pivotSteps.Add(step);
                return true;
            default:
                return false;
        }
    }

    private void OpenTree(ChildStep step, OpenTreeOp tree)
    {
        string recursive = tree.Recursive ? " r" : "";
        switch (tree.Dir, Place(tree.Dir))
        {
            case (not null, ShellPlace.InContainer covered) when tree.TolerateAbsence:
                _readOnlyCopies[tree.Result.Index] = covered.Path;
                Child.Absorb(step);
                break;
            case (not null, ShellPlace.Own own) when tree.Path.Length == 0:
                _places[tree.Result.Index] = own; // a copy of a mount that is bound, not moved, to where it is wanted
                Child.Absorb(step);
                break;
            case (null, _):
                Child.Add(step, $"from {ShellText.Word(tree.Path)} {Waiting(tree.Result)}{recursive}");
                break;
            case (not null, ShellPlace.OfHost host):
                Child.Add(step, $"from {ShellText.Word(host.Path)} {Waiting(tree.Result)}{recursive}");
                break;
            case ({ } dir, _) when Place(dir) is null:
                Terminal(step);
                break;
            case ({ } dir, _):
                string source = Below(dir, tree.Path), place = Waiting(tree.Result);
                Child.Add(step, $": > {place}", $"root mount -cn --bind {source} {place}");
                break;
        }
    }

    private void Make(ChildStep step, NewFilesystemOp made)
    {
        string place = Waiting(made.Result);
        List<string> options = [.. AttributeNames(made.Attributes & ~MountAttr.MOUNT_ATTR_RDONLY)];
        string descriptors = "";
        int next = 9;
        foreach (FilesystemOption option in made.Options)
        {
            string? value = option.Value;
            if (value?.StartsWith(NumberedFd, StringComparison.Ordinal) == true && int.TryParse(value[NumberedFd.Length..], CultureInfo.InvariantCulture, out int number) && _numbers.TryGetValue(number, out ShellPlace? layer))
            {
                // 9 is csrun's message pipe; here only this one command has another file there.
                value = $"{NumberedFd}{--next}";
                descriptors += $" {next}< {ShellText.Word(layer is ShellPlace.OfHost host ? host.Path : ((ShellPlace.Own)layer).Path)}";
            }

            if (value?.Contains(',', StringComparison.Ordinal) == true)
            {
                _impossible.Add($"the mount option {option.Key}={value} has a comma in it, which mount(8) takes for two options");
            }

            options.Add(value is null ? option.Key : $"{option.Key}={value}");
        }

        string text = options.Count == 0 ? "" : $" -o {ShellText.Word(string.Join(',', options))}";
        string mount = $"root mount -cn -t {ShellText.Word(made.Type)}{text} {ShellText.Word(made.Source ?? made.Type)} {place}{descriptors}";
        string[] commands = place == "root" ? [mount] : [$"mkdir {place}", mount];
        if ((made.Attributes & MountAttr.MOUNT_ATTR_RDONLY) == 0)
        {
            Child.Add(step, commands);
            return;
        }

        // "ro" at once would make the file system itself read-only, which others may have mounted, too.
        Child.Add(step, [.. commands, $"root mount -cn -o remount,bind,{string.Join(',', AttributeNames(made.Attributes))} none {place}"]);
    }

    private void Attributes(ChildStep step, MountSetattrOp change)
    {
        if (change.IdMap is not null)
        {
            _impossible.Add($"{ShellText.Comment(step.Why)}: mount(8) cannot ID-map a file system of the container's own");
            Child.Note(step, "left out");
            return;
        }

        if (change.Propagation != 0)
        {
            string make = $"--make-{(change.Recursive ? "r" : "")}{change.Propagation.ToString()[3..].ToLowerInvariant()}";
            if (change.Mount is null)
            {
                // After pivot_root, which refuses a shared root.
                Tools.Add("mount");
                _afterPivot.Add((step, $"root_tool mount -cn {make} /"));
                return;
            }

            Child.Add(step, $"root mount -cn {make} {OwnPath(change.Mount.Value)}");
            return;
        }

        string options = string.Join(',', AttributeNames(change.Set).Concat(Cleared(change.Clear & ~change.Set)));
        string below = change.Recursive ? " below" : "";
        switch (change.Mount is { } mount ? Place(mount) : null)
        {
            case null when change.Mount is { } copy && _readOnlyCopies.ContainsKey(copy.Index):
                Child.Absorb(step);
                break;
            case ShellPlace.InContainer covered:
                Child.Add(step, $"below {ShellText.Word(covered.Path)}", $"[ ! -e \"$at\" ] || attributes \"$at\" {options}{below}");
                break;
            case ShellPlace.Own own:
                Child.Add(step, $"attributes {own.Path} {options}{below}");
                break;
            default:
                Child.Add(step, $"attributes root {options}{below}");
                break;
        }
    }

    private void Move(ChildStep step, MoveMountOp move)
    {
        if (_readOnlyCopies.TryGetValue(move.Mount.Index, out string? path))
        {
            Child.Add(step, $"read_only {ShellText.Word(path)}");
            return;
        }

        switch (Place(move.Target))
        {
            case ShellPlace.InContainer covered when move.TolerateAbsence:
                Child.Add(step, $"cover {OwnPath(move.Mount)} {ShellText.Word(covered.Path)}");
                break;
            case ShellPlace.InContainer target:
                Child.Add(step, $"attach {OwnPath(move.Mount)} {(target.IsFile ? "f" : "d")} {ShellText.Word(target.Path)}");
                _places[move.Mount.Index] = new ShellPlace.Own("root" + target.Path);
                break;
            case ShellPlace.Own device when Place(move.Mount) is ShellPlace.Own && move.Mount != _root:
                Child.Add(step, $"root mount -cn --move {OwnPath(move.Mount)} {ShellText.Word(device.Path)}");
                break;
            case ShellPlace.Own when Place(move.Mount) is null:
                Terminal(step);
                break;
            default:
                Child.Note(step, "mounted in its place already");
                break;
        }
    }

    internal static IEnumerable<string> AttributeNames(MountAttr attributes)
    {
        foreach ((MountAttr attribute, string set, _) in s_attributes)
        {
            if ((attributes & attribute) != 0)
            {
                yield return set;
            }
        }
    }

    private static IEnumerable<string> Cleared(MountAttr attributes) =>
        s_attributes.Where(a => a.Clear is not null && (attributes & a.Attribute) != 0).Select(a => a.Clear!);

    private static readonly (MountAttr Attribute, string Set, string? Clear)[] s_attributes =
    [
        (MountAttr.MOUNT_ATTR_RDONLY, "ro", "rw"), (MountAttr.MOUNT_ATTR_NOSUID, "nosuid", "suid"), (MountAttr.MOUNT_ATTR_NODEV, "nodev", "dev"),
        (MountAttr.MOUNT_ATTR_NOEXEC, "noexec", "exec"), (MountAttr.MOUNT_ATTR_NOATIME, "noatime", null), (MountAttr.MOUNT_ATTR_STRICTATIME, "strictatime", null),
        (MountAttr.MOUNT_ATTR_NODIRATIME, "nodiratime", "diratime"), (MountAttr.MOUNT_ATTR_NOSYMFOLLOW, "nosymfollow", "symfollow"),
    ];
}
