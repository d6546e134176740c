using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

/// <summary>The configuration of a further process: the container's own, with another <c>process</c>.</summary>
public static class ExecSpec
{
    /// <summary>Makes it.</summary>
    /// <param name="container">What the container was started with.</param>
    /// <param name="request">What the command line asks for.</param>
    /// <param name="user">The user of <c>-u</c>, looked up in the container; null: the container's own.</param>
    /// <param name="term">The caller's TERM.</param>
    public static Spec Build(Spec container, ExecRequest request, ResolvedUser? user, string? term)
    {
        Process own = container.Process ?? new Process();
        return container with
        {
            // Nothing is mounted for a further process, and hooks are the first one's.
            Mounts = [],
            Hooks = null,
            Process = own with
            {
                Terminal = request.Tty,
                ConsoleSize = null,
                Args = request.Command,
                Env = Env(own, request, user, term),
                Cwd = request.Workdir ?? own.Cwd,
                User = WithGroups(user is null ? own.User : new User { Uid = user.Uid, Gid = user.Gid, AdditionalGids = user.AdditionalGids, Umask = own.User.Umask }, request.AdditionalGids),
                Capabilities = With(user is null ? own.Capabilities : Capabilities(own.Capabilities, user.Uid), request.Capabilities),
                NoNewPrivileges = own.NoNewPrivileges || request.NoNewPrivileges,
                ApparmorProfile = request.ApparmorProfile ?? own.ApparmorProfile,
                SelinuxLabel = request.SelinuxLabel ?? own.SelinuxLabel,
            },
        };
    }

    /// <summary>The container's configuration with a process that an engine describes; what it says nothing of is the container's, as in runc.</summary>
    public static Spec WithProcess(Spec container, Process process)
    {
        Process own = container.Process ?? new Process();
        return container with
        {
            Mounts = [],
            Hooks = null,
            Process = process with
            {
                Capabilities = process.Capabilities ?? own.Capabilities,
                Rlimits = process.Rlimits.Count != 0 ? process.Rlimits : own.Rlimits,
                OomScoreAdj = process.OomScoreAdj ?? own.OomScoreAdj,
                Scheduler = process.Scheduler ?? own.Scheduler,
                IoPriority = process.IoPriority ?? own.IoPriority,
                ExecCpuAffinity = process.ExecCpuAffinity ?? own.ExecCpuAffinity,
                ApparmorProfile = string.IsNullOrEmpty(process.ApparmorProfile) ? own.ApparmorProfile : process.ApparmorProfile,
                SelinuxLabel = string.IsNullOrEmpty(process.SelinuxLabel) ? own.SelinuxLabel : process.SelinuxLabel,
            },
        };
    }

    /// <summary>Checks that a user exists under the container's maps.</summary>
    /// <exception cref="CsrunException">The user, its group or an additional group has no host ID.</exception>
    public static void Require(Spec container, ResolvedUser user)
    {
        if (container.Linux is not { } linux || !linux.Namespaces.Any(n => n.Type == "user"))
        {
            return;
        }

        Require(linux.UidMappings, user.Uid, "user");
        Require(linux.GidMappings, user.Gid, "group");
        foreach (uint gid in user.AdditionalGids)
        {
            Require(linux.GidMappings, gid, "additional group");
        }
    }

    private static User WithGroups(User user, IReadOnlyList<uint> groups) =>
        groups.Count == 0 ? user : user with { AdditionalGids = [.. user.AdditionalGids.Union(groups)] };

    private static Capabilities? With(Capabilities? own, IReadOnlyList<string> further) => further.Count == 0 ? own : new Capabilities
    {
        Bounding = [.. (own?.Bounding ?? []).Union(further)],
        Effective = [.. (own?.Effective ?? []).Union(further)],
        Permitted = [.. (own?.Permitted ?? []).Union(further)],
        Inheritable = own?.Inheritable ?? [],
        Ambient = own?.Ambient ?? [],
    };

    private static void Require(IReadOnlyList<LinuxIdMapping> map, uint id, string what)
    {
        foreach (LinuxIdMapping mapping in map)
        {
            if (id >= mapping.ContainerID && id - mapping.ContainerID < mapping.Size)
            {
                return;
            }
        }

        throw new CsrunException(
            $"{what} {id} does not exist in the container",
            $"its ID map is {string.Join(", ", map.Select(m => $"{m.ContainerID} {m.HostID} {m.Size}"))}  [ID_NOT_MAPPED]",
            "choose an ID inside the map");
    }

    private static IReadOnlyList<string> Env(Process own, ExecRequest request, ResolvedUser? user, string? term)
    {
        EnvironmentList env = new();
        env.Set(own.Env);
        if (user is not null)
        {
            env.Set($"HOME={user.Home}");
        }

        if (request.Tty)
        {
            env.Set($"TERM={(string.IsNullOrEmpty(term) ? "xterm" : term)}");
        }

        env.Set(request.Env);
        return env.Entries;
    }

    // As run gives them: root has what the container's bounding set has, others have none in force, and nothing is inheritable (CVE-2022-29162).
    private static Capabilities? Capabilities(Capabilities? own, uint uid) =>
        own is null ? null
        : uid == 0 ? new Capabilities { Bounding = own.Bounding, Effective = own.Bounding, Permitted = own.Bounding }
        : new Capabilities { Bounding = own.Bounding };
}
