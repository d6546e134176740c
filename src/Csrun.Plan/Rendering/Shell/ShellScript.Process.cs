using Csrun.Linux.Abi;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>The namespaces' settings, and the way from the finished root to the command.</summary>
internal sealed partial class ShellScript
{
    private SetIdsOp _setup = new(0, 0, []);
    private bool _becameRoot;
    private readonly List<string> _chain = [];
    private readonly List<string> _setpriv = [];
    private readonly List<string> _limits = [];
    private string _input = "";
    private string? _directory;
    private bool _capset;

    private bool System(ChildStep step)
    {
        switch (step.Op)
        {
            case SetIdsOp ids when !_becameRoot && _maps && _pivot is null && HasContainer:
                _becameRoot = true;
                _setup = ids;
                if (ids.Uid != 0 && !_joins)
                {
                    _impossible.Add($"the container's root is user {ids.Uid}, because its map has no 0: mount(8) wants to be run by user 0, whatever capabilities there are");
                }

                if (_joins)
                {
                    Child.Absorb(step);
                    return true;
                }

                Child.Note(step, $"the commands with \"root\" in front run so; the shell stays the caller: {step.Why}");
                return true;
            case SetNamesOp name:
                Child.Add(step, $"root {(name.Domain ? "domainname" : "hostname")} {ShellText.Word(name.Name)}");
                return true;
            case LoopbackOp:
                Child.Add(step, "root ip link set lo up");
                return true;
            case UmaskOp { Mask: 0 }:
                Child.Note(step, "the umask stays 022: modes that differ are given to each command");
                return true;
            case PrctlOp { Option: PrctlOption.PR_SET_PDEATHSIG }:
                if (_chain.Count != 0 || _setpriv.Count != 0 || _joins)
                {
                    if (!_setpriv.Contains("--pdeathsig=KILL"))
                    {
                        _setpriv.Add("--pdeathsig=KILL");
                    }

                    Child.Note(step, "setpriv --pdeathsig");
                }
                else
                {
                    Child.Note(step, "setpriv --pdeathsig and unshare --kill-child");
                }

                return true;
            default:
                return false;
        }
    }

    private bool Process(ChildStep step)
    {
        switch (step.Op)
        {
            case RlimitOp limit:
                _limits.Add($"--{limit.Name["RLIMIT_".Length..].ToLowerInvariant()}={Limit(limit.Soft)}:{Limit(limit.Hard)}");
                break;
            case ExecAttributeOp { Attribute: ExecAttribute.SelinuxKeyLabel }:
                _lost.Add("the label of the session keyring: no program of util-linux sets it");
                Child.Note(step, $"left out: {step.Why}");
                return true;
            case ExecAttributeOp label:
                _setpriv.Add($"--{(label.Attribute == ExecAttribute.AppArmorProfile ? "apparmor-profile" : "selinux-label")}={ShellText.Word(label.Value)}");
                break;
            case PersonalityOp personality:
                Tools.Add("setarch");
                _chain.Add($"setarch {(personality.Is32Bit ? "linux32" : "linux64")}");
                break;
            case CapabilityBoundingOp bounding:
                _setpriv.Add($"--bounding-set={Capabilities(bounding.Keep)}");
                break;
            case PrctlOp { Option: PrctlOption.PR_SET_KEEPCAPS }:
                break;
            case PrctlOp { Option: PrctlOption.PR_SET_NO_NEW_PRIVS }:
                _setpriv.Add("--nnp");
                break;
            case SetnsOp setns:
                Join(step, setns);
                return true;
            case ForkSiblingOp:
                Child.Note(step, "nsenter(1) does it");
                return true;
            case SetIdsOp ids:
                _setpriv.Add($"--reuid={ids.Uid} --regid={ids.Gid} {Groups(ids)}");
                break;
            case CapsetOp capset:
                // The second one, after the filter, gives up what execve takes anyway.
                if (!_capset)
                {
                    _setpriv.Add($"--inh-caps={Capabilities(capset.Inheritable)}");
                    _ambient = 0;
                }

                _capset = true;
                break;
            case AmbientCapabilityOp ambient:
                _ambient |= 1UL << (int)ambient.Capability;
                break;
            case SetsidOp:
                Tools.Add("setsid");
                _chain.Insert(0, "setsid");
                break;
            case WorkingDirectoryOp directory:
                _directory = directory.Path;
                break;
            case ResetSignalsOp:
                break;
            case UmaskOp umask:
                _umask = umask.Mask;
                break;
            case ExecveOp execve:
                Execute(step, execve);
                return true;
            case PrctlOp:
                Child.Note(step, "a shell has no memory of csrun's to protect");
                return true;
            case ForkInitOp:
                _lost.Add("--init: the command itself is PID 1; nobody reaps what it leaves, and signals that it does not handle do nothing");
                Child.Note(step, $"left out: {step.Why}");
                return true;
            case TerminalOp or ControllingTerminalOp or FchownOp:
                Terminal(step);
                return true;
            default:
                return false;
        }

        Child.Absorb(step);
        return true;
    }

    private void Join(ChildStep step, SetnsOp setns)
    {
        _maps = (setns.Namespaces & CloneFlags.CLONE_NEWUSER) != 0;
        Namespaces(setns.Namespaces);
        Child.Absorb(step);
    }

    private ulong _ambient;
    private uint _umask = 0x12;

    private void Terminal(Step step)
    {
        _lost.Add("--tty: a script cannot hold a terminal's other end, so the command has the script's own; /dev/console is missing");
        Child.Note(step, "left out: a terminal of the container's own");
    }

    /// <summary>Leaves the host's root; nothing but copies of its programs can be run afterwards.</summary>
    private void Pivot()
    {
        if (_pivotSteps.Count == 0)
        {
            return;
        }

        Tools.Add("umount");
        Child.AddOwn($"{_pivotSteps[0].Number}-{_pivotSteps[^1].Number}. {_pivot!.Why}. Here and not before, because the host's programs go with it; the old root is mounted over the new one then, and goes by the same name, \"/\"",
            "cd tools", "(cd ../root && root pivot_root . .)", "root_tool umount -cnl /");
        foreach ((Step step, string command) in _afterPivot)
        {
            Child.Add(step, command);
        }
    }

    private void Execute(ChildStep step, ExecveOp execve)
    {
        if (execve.Args[0].Contains('=', StringComparison.Ordinal))
        {
            _impossible.Add($"the command \"{ShellText.Comment(execve.Args[0])}\": env(1) takes a word with = for a variable");
        }

        if (_limits.Count != 0)
        {
            Tools.Add("prlimit");
            _chain.Add($"prlimit {string.Join(' ', _limits)}");
        }

        // What --keep-caps has raised, the command is not to have.
        _setpriv.Add($"{(_capset ? "" : "--inh-caps=-all ")}--ambient-caps={Capabilities(_ambient)}");
        string run = HasContainer ? "$run ./" : "";
        List<string> lines = [.. _chain.Select(c => $"{run}{c}"), $"{run}setpriv {string.Join(' ', _setpriv)}", $"{run}env -i --default-signal {(_directory is null ? "" : $"--chdir={ShellText.Word(_directory)} ")}--"];
        foreach (string entry in execve.Env)
        {
            if (entry.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                _lost.Add($"the variable \"{ShellText.Comment(entry)}\": env(1) takes NAME=VALUE only");
                continue;
            }

            lines.Add(ShellText.Word(entry));
        }

        string command = string.Join(' ', execve.Args.Select(ShellText.Word));
        if (Joined is not null)
        {
            // As the container's root, whose capabilities setpriv needs; where setgroups(2) is denied, the caller is that already.
            string credentials = !_maps ? "" : _setup.Groups.IsDefault ? "--preserve-credentials " : $"--setuid={_setup.Uid} --setgid={_setup.Gid} ";
            lines.Add(command + (Interactive ? "" : " <> /dev/null"));
            Child.Add(step, $"umask 0{Octal(_umask)}", $"nsenter --target={Joined.Pid} {string.Join(' ', Unshare)} {credentials}--wd=. \\\n  " + string.Join(" \\\n  ", lines));
            return;
        }

        lines.Add($"{command} 8>&- 9<&-{_input}");
        Child.Add(step, $"umask 0{Octal(_umask)}", "exec " + string.Join(" \\\n  ", lines));
    }

    internal static string Groups(SetIdsOp ids) => ids.Groups.IsDefault ? "--keep-groups" : ids.Groups.IsEmpty ? "--clear-groups" : $"--groups={string.Join(',', ids.Groups)}";

    private static string Limit(ulong value) => value == ulong.MaxValue ? "unlimited" : $"{value}";

    // setpriv(1): names without cap_, and cap_N where it has no name.
    private static string Capabilities(ulong mask)
    {
        string text = "-all";
        for (int cap = 0; cap < 64; cap++)
        {
            if ((mask >> cap & 1) != 0)
            {
                text += Enum.IsDefined((Capability)cap) ? $",+{((Capability)cap).ToString()["CAP_".Length..].ToLowerInvariant()}" : $",+cap_{cap}";
            }
        }

        return text;
    }
}
