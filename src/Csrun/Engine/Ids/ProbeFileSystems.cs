using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Mounts;
using Csrun.Runtime.Mounts;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap probe</c>.</summary>
internal static class ProbeFileSystems
{
    internal static int Run(Caller caller, IReadOnlyList<string> paths, bool json)
    {
        foreach (string path in paths)
        {
            DetachedMounts.Open(path).Dispose(); // what cannot be reached is said before anything is tried
        }

        if (caller.Capabilities.Contains(Capability.CAP_SYS_ADMIN))
        {
            Write(Try(paths, caller.Kernel), json);
            return 0;
        }

        Identity identity = Identity.Default(caller);
        Worker.StartWithMounts(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, [Worker.Probe, json ? "json" : "text", Environment.CurrentDirectory, .. paths]);
        return 0;
    }

    /// <summary>The ordinary user's half, in a user and mount namespace of its own.</summary>
    internal static void RunInside(bool json, string workingDirectory, ReadOnlySpan<string> paths)
    {
        Version version = Environment.OSVersion.Version;
        KernelVersion kernel = new(version.Major, version.Minor);
        List<string> absolute = [];
        foreach (string path in paths)
        {
            absolute.Add(Path.GetFullPath(path, workingDirectory));
        }

        List<MappingTrial> trials = Try(absolute, kernel);
        if (absolute.Count == 0)
        {
            OwnFileSystems.Try(trials, kernel);
        }

        Write(trials, json);
    }

    private static List<MappingTrial> Try(IReadOnlyList<string> paths, KernelVersion kernel)
    {
        using SafeFd userns = TrialNamespace();
        MountInfo mounts = MountTable.Read() ?? throw new CsrunException("/proc/self/mountinfo cannot be read", "proc is not mounted here", "mount -t proc proc /proc");
        List<MappingTrial> trials = [];
        if (paths.Count != 0)
        {
            foreach (string path in paths)
            {
                using SafeFd fd = DetachedMounts.Open(path);
                MountEntry? mount = mounts.Of(fd);
                trials.Add(mount is null
                    ? new MappingTrial(path, "?", Errno.EINVAL, "it is of another mount namespace")
                    : MappingTrial.Of(path, mount, userns, kernel));
            }

            return trials;
        }

        // One mount of each file system: the first that is not covered by another.
        Dictionary<string, MappingTrial> found = [];
        foreach (MountEntry mount in mounts.Entries)
        {
            string key = $"{mount.Device} {mount.Type}";
            if (!found.TryGetValue(key, out MappingTrial? earlier) || earlier.Errno == Errno.ENOENT)
            {
                found[key] = MappingTrial.Of(mount.MountPoint, mount, userns, kernel);
            }
        }

        trials.AddRange(found.Values);
        return trials;
    }

    /// <summary>A user namespace with one ID: enough to be refused or not.</summary>
    internal static SafeFd TrialNamespace() =>
        UserNamespaces.With(new IdMapPair(new IdMap(new IdMapping(0, Sys.Geteuid(), 1)), new IdMap(new IdMapping(0, Sys.Getegid(), 1))));

    private static void Write(IReadOnlyList<MappingTrial> trials, bool json)
    {
        if (json)
        {
            Json(trials);
            return;
        }

        StringBuilder text = new($"{"TYPE",-12} {"MAPPABLE",-8} {"SINCE",-6} MOUNT POINT\n");
        foreach (MappingTrial trial in trials)
        {
            text.Append($"{trial.Type,-12} {(trial.Errno == Errno.None ? "yes" : "no"),-8} {(trial.Since is { } since ? since.ToString() : "-"),-6} {Printable.Of(trial.Path)}");
            text.Append(trial.Why is null ? "\n" : $": {trial.Errno}: {trial.Why}\n");
        }

        FdWriter.Stdout.Write(text.ToString());
        FdWriter.Stdout.Flush();
    }

    private static void Json(IReadOnlyList<MappingTrial> trials) => JsonOutput.Write(json =>
    {
        json.WriteStartArray();
        foreach (MappingTrial trial in trials)
        {
            json.WriteStartObject();
            json.WriteString("path", trial.Path);
            json.WriteString("type", trial.Type);
            json.WriteBoolean("mappable", trial.Errno == Errno.None);
            if (trial.Since is { } since)
            {
                json.WriteString("sinceLinux", since.ToString());
            }

            if (trial.Why is { } why)
            {
                json.WriteString("errno", trial.Errno.ToString());
                json.WriteString("why", why);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
