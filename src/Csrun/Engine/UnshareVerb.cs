using System.Collections.Immutable;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.Attend;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;

namespace Csrun.Engine;

/// <summary><c>csrun unshare</c>: from the request to the command's exit code.</summary>
internal static class UnshareVerb
{
    internal static int Run(UnshareRequest request, GlobalOptions options)
    {
        LaunchPlan plan = Plan(request, options);
        if (request.Explain is { } form)
        {
            return Explanation.Write(plan, form);
        }

        using Launcher launcher = Launcher.Begin(plan);
        using RunningContainer command = launcher.Finish(plan, JobAttendant.ForwardSignals);
        return JobAttendant.Attend(command);
    }

    private static LaunchPlan Plan(UnshareRequest request, GlobalOptions options)
    {
        ImmutableArray<string> env = [.. EnvironmentBlock.Read()];
        HostFacts facts = HostFactsProbe.Probe(new Spec());
        IReadOnlyList<string> command = request.Command.Count != 0 ? request.Command : [Shell()];
        if (request.NoMap)
        {
            return UnsharePlanner.Unmapped(command, env, facts);
        }

        Identity identity = Identity.Choose(new Caller(options), new RunRequest { Userns = request.Userns, UidMaps = request.UidMaps, GidMaps = request.GidMaps }, null);
        return identity.Plan.NewUserNamespace
            ? UnsharePlanner.Mapped(identity.Plan, identity.Writer, command, env, facts)
            : throw new CsrunException($"--userns {request.Userns} makes no user namespace", "unshare runs a command in a new one", "leave --userns away, or run the command without csrun");
    }

    private static string Shell() => Environment.GetEnvironmentVariable("SHELL") is ['/', ..] shell ? shell : "/bin/sh";
}
