using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Oci;
using Csrun.Plan.Requests;

namespace Csrun.Plan.Specs;

public static partial class SpecBuilder
{
    private static Process Process(SpecInputs inputs, string hostname)
    {
        RunRequest request = inputs.Request;
        Process basis = inputs.Config?.Process ?? new Process();
        bool terminal = request.Tty || basis.Terminal;
        User user = User(inputs);
        return basis with
        {
            Terminal = terminal,
            User = user,
            Args = Args(inputs),
            Env = Env(inputs, hostname, terminal),
            Cwd = request.Workdir ?? (basis.Cwd.Length != 0 ? basis.Cwd : string.IsNullOrEmpty(inputs.Image.Workdir) ? "/" : inputs.Image.Workdir),
            Capabilities = Capabilities(inputs, user.Uid),
            Rlimits = Rlimits(basis.Rlimits, request.Ulimits),
            ApparmorProfile = request.Security.AppArmor ?? basis.ApparmorProfile,
            NoNewPrivileges = request.Security.NoNewPrivileges ?? basis.NoNewPrivileges,
        };
    }

    // The configuration's command takes the place of the image's entrypoint too: it was written to be run as it stands.
    private static IReadOnlyList<string> Args(SpecInputs inputs)
    {
        RunRequest request = inputs.Request;
        IReadOnlyList<string> configured = inputs.Config?.Process?.Args ?? [];
        IReadOnlyList<string> args = request.Entrypoint is { } entrypoint
            ? (entrypoint.Length == 0 ? request.Command : [entrypoint, .. request.Command])
            : request.Command.Count != 0
                ? (configured.Count != 0 ? request.Command : [.. inputs.Image.Entrypoint, .. request.Command])
                : configured.Count != 0 ? configured : [.. inputs.Image.Entrypoint, .. inputs.Image.Cmd];
        if (args.Count == 0)
        {
            string subject = request.Image ?? request.RootfsDir ?? "the configuration";
            throw new CsrunException(
                "no command is given",
                request.Image is null ? $"there is none on the command line, and \"{subject}\" brings none" : $"there is none on the command line, and the image \"{subject}\" names none",
                request.RootfsDir is { } directory ? $"csrun run --rootfs \"{directory}\" /bin/sh" : $"csrun run {request.Image ?? "..."} sh");
        }

        return args[0].Length != 0
            ? args
            : throw new CsrunException("the command \"\" cannot be run", "the command's name is empty", "name a program: csrun run alpine id", exitCode: 127);
    }

    private static User User(SpecInputs inputs)
    {
        if (inputs.Request.User is null && inputs.Config?.Process is { } process)
        {
            // As configured, with the groups of --group-add, which the resolved user carries.
            return inputs.Request.GroupAdd.Count == 0
                ? process.User
                : process.User with { AdditionalGids = Union(process.User.AdditionalGids, inputs.User.AdditionalGids) };
        }

        return new User { Uid = inputs.User.Uid, Gid = inputs.User.Gid, AdditionalGids = inputs.User.AdditionalGids, Umask = inputs.Config?.Process?.User.Umask };
    }

    private static List<uint> Union(IReadOnlyList<uint> some, IReadOnlyList<uint> others)
    {
        List<uint> all = [.. some];
        foreach (uint id in others)
        {
            if (!all.Contains(id))
            {
                all.Add(id);
            }
        }

        return all;
    }

    private static IReadOnlyList<string> Env(SpecInputs inputs, string hostname, bool terminal)
    {
        EnvironmentList env = new();
        env.Set(DefaultSpec.Path);
        env.Set($"HOSTNAME={hostname}");
        if (terminal)
        {
            env.Set($"TERM={(string.IsNullOrEmpty(inputs.Caller.Term) ? "xterm" : inputs.Caller.Term)}");
        }

        env.Set(inputs.Image.Env);
        env.Set(inputs.Config?.Process?.Env ?? []);
        env.Set(inputs.Request.Env);
        if (!env.Has("HOME"))
        {
            env.Set($"HOME={inputs.User.Home}");
        }

        return env.Entries;
    }

    private static Capabilities Capabilities(SpecInputs inputs, uint uid)
    {
        RunRequest request = inputs.Request;
        Capabilities? configured = inputs.Config?.Process?.Capabilities;
        bool asked = request.CapAdd.Count != 0 || request.CapDrop.Count != 0;
        if (configured is not null && !asked)
        {
            return configured;
        }

        CapabilitySet start = configured is null ? Default(inputs) : CapabilitySet.Known(configured.Bounding);
        IReadOnlyList<string> names = (asked ? start.Tweak(request.CapAdd, request.CapDrop, inputs.Caller.AvailableCapabilities) : start).Names();

        // Nothing is inheritable (CVE-2022-29162), and a user other than root has none in force, which is what execve makes of it anyway.
        return uid == 0
            ? new Capabilities { Bounding = names, Effective = names, Permitted = names }
            : new Capabilities { Bounding = names };
    }

    // In the host's user namespace mknod(2) makes working nodes of every device, and no device control group forbids to open
    // them yet (ADR-0020); in a user namespace of its own a container's nodes cannot be opened anyway.
    private static CapabilitySet Default(SpecInputs inputs) =>
        inputs.Maps is null ? CapabilitySet.Default.Without(Capability.CAP_MKNOD) : CapabilitySet.Default;

    private static IReadOnlyList<Rlimit> Rlimits(IReadOnlyList<Rlimit> configured, IReadOnlyList<UlimitSpec> asked)
    {
        if (asked.Count == 0)
        {
            return configured;
        }

        List<Rlimit> all = [.. configured];
        foreach (UlimitSpec limit in asked)
        {
            all.RemoveAll(earlier => earlier.Type == limit.Type);
            all.Add(new Rlimit { Type = limit.Type, Soft = limit.Soft, Hard = limit.Hard });
        }

        return all;
    }
}
