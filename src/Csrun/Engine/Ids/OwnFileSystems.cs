using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Runtime.Mounts;

namespace Csrun.Engine.Ids;

/// <summary>What can be ID-mapped of the file systems that a user namespace mounts itself.</summary>
internal static class OwnFileSystems
{
    internal static void Try(List<MappingTrial> trials, KernelVersion kernel)
    {
        using SafeFd userns = ProbeFileSystems.TrialNamespace();
        using SafeFd? tmpfs = Make("tmpfs");
        if (tmpfs is null)
        {
            return;
        }

        trials.Add(MappingTrial.OfDetached("(a new tmpfs of the own user namespace)", "tmpfs", tmpfs, userns, kernel));
        using SafeFd? layers = Make("tmpfs");

        // Somewhere to stack an overlay from; this mount namespace ends with the process.
        SysResult place = Sys.Openat2(null, "/tmp", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (layers is null || !place.Ok)
        {
            return;
        }

        using SafeFd directory = new(place.Int);
        foreach (string name in (ReadOnlySpan<string>)["lower", "upper", "work"])
        {
            Sys.Mkdirat(layers, name, 0x1ed);
        }

        if (!Sys.MoveMount(layers, directory).Ok)
        {
            return;
        }

        using SafeFd? overlay = Make("overlay", ("lowerdir", "/tmp/lower"), ("upperdir", "/tmp/upper"), ("workdir", "/tmp/work"));
        if (overlay is not null)
        {
            trials.Add(MappingTrial.OfDetached("(a new overlay of the own user namespace)", "overlay", overlay, userns, kernel));
        }
    }

    private static SafeFd? Make(string type, params ReadOnlySpan<(string Key, string Value)> options)
    {
        SysResult opened = Sys.Fsopen(type);
        if (!opened.Ok)
        {
            return null;
        }

        using SafeFd context = new(opened.Int);
        foreach ((string key, string value) in options)
        {
            Sys.FsconfigString(context, key, value);
        }

        return Sys.FsconfigCreate(context).Ok && Sys.Fsmount(context) is { Ok: true } mounted ? new SafeFd(mounted.Int) : null;
    }
}
