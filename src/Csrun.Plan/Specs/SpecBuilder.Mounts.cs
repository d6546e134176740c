using Csrun.Linux;
using Csrun.Linux.IdMaps;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

public static partial class SpecBuilder
{
    private static IReadOnlyList<Mount> Mounts(SpecInputs inputs)
    {
        IReadOnlyList<Mount> usual = inputs.Config?.Mounts is { Count: > 0 } configured ? Absolute(configured, inputs) : DefaultSpec.Mounts;
        List<Mount> asked = Asked(inputs);
        if (asked.Count == 0)
        {
            return usual;
        }

        List<Mount> all = new(usual.Count + asked.Count);
        foreach (Mount mount in usual)
        {
            // What the command line puts at this place or above it would hide the usual mount.
            bool hidden = false;
            foreach (Mount other in asked)
            {
                hidden |= IsAtOrBelow(mount.Destination, other.Destination);
            }

            if (!hidden)
            {
                all.Add(mount);
            }
        }

        all.AddRange(asked);
        return all;
    }

    // The specification counts relative sources from the bundle, which is the directory of config.json.
    private static List<Mount> Absolute(IReadOnlyList<Mount> configured, SpecInputs inputs)
    {
        string file = inputs.Request.ConfigFile ?? "config.json";
        int slash = file.LastIndexOf('/');
        string bundle = slash < 0 ? inputs.Caller.WorkingDirectory : file[0] == '/' ? file[..slash] : $"{inputs.Caller.WorkingDirectory}/{file[..slash]}";
        List<Mount> mounts = new(configured.Count);
        foreach (Mount mount in configured)
        {
            bool relative = mount.Source is { Length: > 0 } source && source[0] != '/' && IsBind(mount);
            mounts.Add(relative ? mount with { Source = $"{bundle}/{mount.Source}" } : mount);
        }

        return mounts;
    }

    private static bool IsBind(Mount mount)
    {
        bool bind = mount.Type == "bind";
        foreach (string option in mount.Options)
        {
            bind |= option is "bind" or "rbind";
        }

        return bind;
    }

    /// <summary>The mounts of the command line, those nearer to the root first, so that none hides another.</summary>
    private static List<Mount> Asked(SpecInputs inputs)
    {
        RunRequest request = inputs.Request;
        List<Mount> asked = [];
        foreach (VolumeSpec volume in request.Volumes)
        {
            Insert(asked, Bind(volume, inputs));
        }

        foreach (MountSpec mount in request.Mounts)
        {
            Insert(asked, mount.Bind is { } bind ? Bind(bind, inputs) : Memory(mount.Tmpfs!, inputs));
        }

        foreach (TmpfsSpec tmpfs in request.Tmpfs)
        {
            Insert(asked, Memory(tmpfs, inputs));
        }

        return asked;
    }

    private static void Insert(List<Mount> sorted, Mount mount)
    {
        int depth = Depth(mount.Destination);
        int at = sorted.Count;
        for (int i = 0; i < sorted.Count; i++)
        {
            if (sorted[i].Destination == mount.Destination)
            {
                throw new CsrunException(
                    $"two mounts at \"{mount.Destination}\"",
                    $"{sorted[i].Source} and {mount.Source} are both asked for there, and the second would hide the first",
                    "give one of them another path in the container");
            }

            if (at == sorted.Count && Depth(sorted[i].Destination) > depth)
            {
                at = i;
            }
        }

        sorted.Insert(at, mount);
    }

    private static int Depth(string path) => path.AsSpan().Count('/');

    private static Mount Bind(VolumeSpec volume, SpecInputs inputs)
    {
        IdMapPair? map = volume.IdMap?.OnHost(inputs.Maps);
        return new Mount
        {
            Destination = volume.Destination,
            Type = "bind",
            Source = volume.SourceFrom(inputs.Caller.WorkingDirectory),
            Options = map is null ? volume.Options : volume.Options.Add("idmap"),
            UidMappings = Mappings(map?.Uid),
            GidMappings = Mappings(map?.Gid),
        };
    }

    private static Mount Memory(TmpfsSpec tmpfs, SpecInputs inputs)
    {
        IdMapPair? map = tmpfs.IdMap?.OnHost(inputs.Maps);
        return new Mount
        {
            Destination = tmpfs.Destination,
            Type = "tmpfs",
            Source = "tmpfs",
            Options = map is null ? tmpfs.Options : tmpfs.Options.Add("idmap"),
            UidMappings = Mappings(map?.Uid),
            GidMappings = Mappings(map?.Gid),
        };
    }
}
