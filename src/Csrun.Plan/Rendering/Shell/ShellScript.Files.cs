using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>Files and descriptors.</summary>
internal sealed partial class ShellScript
{
    private readonly Dictionary<int, ShellPlace> _numbers = [];

    private bool Files(ChildStep step)
    {
        switch (step.Op)
        {
            case OpenOp open:
                Open(step, open);
                return true;
            case Dup3Op dup:
                Dup(step, dup);
                return true;
            case MkdirOp { Dir: { } dir } mkdir:
                Child.Add(step, $"root mkdir -m {Octal(mkdir.Mode)} {Below(dir, mkdir.Path)}");
                return true;
            case MkdirInRootOp:
                Child.Absorb(step);
                return true;
            case CopyTreeOp copy:
                _lost.Add("tmpcopyup: cp(1) follows links on the way to the directory, also those that lead out of the root file system");
                Child.Add(step, $"root cp -a {ShellText.Word($"{(Place(copy.Source) as ShellPlace.OfHost)?.Path}/.")} {OwnPath(copy.Target)}");
                return true;
            case MknodOp node:
                string type = (node.Mode & 0xf000) switch { 0x1000 => "p", 0x6000 => $"b {node.Major} {node.Minor}", _ => $"c {node.Major} {node.Minor}" };
                Child.Add(step, $"root mknod -m {Octal(node.Mode & 0xfff)} {Below(node.Dir, node.Name)} {type}");
                return true;
            case FchownatOp owner:
                Child.Add(step, $"root chown -h {owner.Uid}:{owner.Gid} {Below(owner.Dir, owner.Name)}");
                return true;
            case SymlinkOp link:
                Child.Add(step, $"root ln -s {ShellText.Word(link.Target)} {Below(link.Dir, link.Name)}");
                return true;
            case NewFileOp file:
                Child.Add(step, $"printf %s {ShellText.Word(file.Text)} | root tee {Below(file.Dir, file.Name)} > /dev/null");
                return true;
            case UnlinkOp unlink:
                Child.Add(step, $"root rm {Below(unlink.Dir, unlink.Name)}");
                return true;
            case WriteFileOp { Dir: { } dir } write:
                Child.Add(step, $"printf %s {ShellText.Word(write.Text)} | root tee {Below(dir, write.Path)} > /dev/null");
                return true;
            case WriteFileOp { Path: "/proc/self/timens_offsets" } offset:
                Offset(step, offset.Text);
                return true;
            case WriteFileOp write:
                Child.Add(step, $"printf %s {ShellText.Word(write.Text)} > {ShellText.Word(write.Path)}");
                return true;
            default:
                return false;
        }
    }

    private void Open(ChildStep step, OpenOp open)
    {
        if (open.Dir is null && open.Path == "/dev/null")
        {
            _places[open.Result!.Value.Index] = new ShellPlace.OfHost(open.Path);
            Child.Absorb(step);
            return;
        }

        ShellPlace place = HostsPaths && open.Path.StartsWith('/') && Place(open.Dir) is ShellPlace.OfHost rootfs
            ? new ShellPlace.OfHost(rootfs.Path + open.Path)
            : open.Dir is { } dir && !open.Path.StartsWith('/')
            ? new ShellPlace.Own($"{PathOf(dir)}{open.Path}")
            : HostsPaths && IsOwnDirectory(open.Path) ? new ShellPlace.Own(".")
            : HostsPaths ? new ShellPlace.OfHost(open.Path)
            : new ShellPlace.InContainer(open.Path, (open.Flags & OpenFlags.O_DIRECTORY) == 0);
        if (open.Result is { } result)
        {
            _places[result.Index] = place;
        }

        if (open.Dir is not null && place is ShellPlace.Own made && (open.Flags & OpenFlags.O_CREAT) != 0)
        {
            Child.Add(step, $"root touch {ShellText.Word(made.Path)}");
        }
        else if (place is ShellPlace.InContainer)
        {
            Child.Absorb(step);
        }
        else
        {
            Child.Note(step, place is ShellPlace.Own { Path: "." } ? "the script's own directory takes its place" : "the shell opens it for the command that needs it");
        }
    }

    /// <summary>Whether a path without a directory is the host's still: until pivot_root.</summary>
    private bool HostsPaths => _pivot is null && Joined is null;

    private void Dup(ChildStep step, Dup3Op dup)
    {
        if (dup.Result is { } result && Place(dup.Fd) is { } place)
        {
            _places[result.Index] = place;
            _numbers[dup.Number] = place;
        }

        if (dup.Number == 0)
        {
            Interactive = false;
            _input = Place(dup.Fd) is ShellPlace.Own ? " <> /dev/null" : "";
            Child.Note(step, "standard input is /dev/null, see the script's last command");
        }
        else if (dup.Number is 1 or 2)
        {
            Child.Note(step, "left out: the command has the script's own standard output and error");
        }
        else if (dup.Number is 3 or 4)
        {
            _lost.Add("descriptors: what the caller left open with a number above 9 comes along; a POSIX shell can close 0 to 9 only");
            Child.Note(step, _joins ? "a script has no control socket" : "there is no control socket: the FIFOs take its place, as descriptors 8 (to csrun's half) and 9 (from it)");
        }
        else
        {
            Child.Absorb(step);
        }
    }

    private void Offset(ChildStep step, string text)
    {
        string[] words = text.Trim().Split(' ');
        Unshare.Add($"--{words[0]}={words[1]}");
        if (words[2] != "0")
        {
            _lost.Add("nanoseconds of a clock's offset: unshare(1) takes seconds");
        }

        Child.Note(step, $"unshare(1) sets it: --{words[0]}={words[1]}");
    }

    private string Below(FdSlot dir, string name) => ShellText.Word(PathOf(dir) + name);

    // A path of the script's directory with a slash behind it; nothing for the directory itself.
    private string PathOf(FdSlot dir) => Place(dir) switch
    {
        ShellPlace.Own { Path: "." } => "",
        ShellPlace.Own own => own.Path + "/",
        ShellPlace.InContainer inside => $"root{inside.Path}/",
        _ => "wait/missing/",
    };

    private static string Octal(uint mode) => Convert.ToString(mode, 8);
}
