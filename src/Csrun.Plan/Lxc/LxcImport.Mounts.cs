using Csrun.Oci;
using Csrun.Plan.Specs;

namespace Csrun.Plan.Lxc;

public sealed partial class LxcImport
{
    // Words for LXC itself: it makes the target, or counts the source from the container's root.
    private static readonly string[] s_lxcOptions = ["create=dir", "create=file", "optional", "relative", "defaults"];

    // fstab(5): what, where, type, options, and two numbers that nothing is made of.
    private void MountEntry(LxcLine line, Func<string, bool> exists)
    {
        if (line.Value.Length == 0)
        {
            _mounts.Clear();
            return;
        }

        string[] fields = [.. line.Value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(LxcWords.Unescape)];
        if (fields.Length < 4)
        {
            Mistake(line, $"{fields.Length} of the 4 fields are there: what, where, type, options", "");
            return;
        }

        string[] options = fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries);
        bool bind = options.Contains("bind") || options.Contains("rbind");
        if (fields[1].Split('/').Contains(".."))
        {
            Mistake(line, $"\"{fields[1]}\" leads out of the container with ..", "");
        }
        else if (bind && !fields[0].StartsWith('/'))
        {
            Mistake(line, $"the source \"{fields[0]}\" is not absolute{(options.Contains("relative") ? "; sources below the container's root (relative) have no counterpart" : "")}", "");
        }
        else if (!bind && fields[2] == "none")
        {
            Mistake(line, "the type none goes with the option bind or rbind", "");
        }
        else if (options.Contains("optional") && bind && !exists(fields[0]))
        {
            _leftOut.Add($"{line}: it is optional, and \"{fields[0]}\" is not there");
        }
        else
        {
            Add(line, fields, options, bind);
        }
    }

    private void Add(LxcLine line, string[] fields, string[] options, bool bind)
    {
        // The path in the container; some files give it from the host's root, through the rootfs.
        string target = _rootfs is { } root && (fields[1] == root.Value || fields[1].StartsWith(root.Value + "/", StringComparison.Ordinal)) ? fields[1][root.Value.Length..] : fields[1];
        string destination = "/" + target.Trim('/');
        if (destination == "/")
        {
            Mistake(line, "a mount on the container's root hides it all", "");
            return;
        }

        if (DefaultSpec.Mounts.Any(m => m.Destination == destination) && !bind)
        {
            _leftOut.Add($"{line}: csrun mounts {destination} itself");
            return;
        }

        List<string> kept = [];
        foreach (string option in options)
        {
            if (option == "idmap=container")
            {
                kept.Add("idmap");
            }
            else if (option.StartsWith("idmap=", StringComparison.Ordinal))
            {
                _leftOut.Add($"{line}: the option {option}: a map of another process's namespace has no counterpart");
            }
            else if (!s_lxcOptions.Contains(option))
            {
                kept.Add(option);
            }
        }

        _mounts.RemoveAll(m => m.Destination == destination);
        _mounts.Add(new Mount { Destination = destination, Type = bind ? "bind" : fields[2], Source = fields[0], Options = kept });
    }
}
