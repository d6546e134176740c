using System.Collections.Immutable;
using Csrun.Commands;
using Csrun.Linux;
using Csrun.Linux.Accounts;
using Csrun.Plan.Doctor;
using Csrun.Runtime.Doctor;
using Csrun.Runtime.Host;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun doctor</c>, and its answer when <c>csrun run</c> has met a closed gate.</summary>
internal static class DoctorVerb
{
    /// <summary>Checks every gate and tells.</summary>
    /// <returns>0 when csrun run will work, else 1.</returns>
    internal static int Run(bool json, GlobalOptions options)
    {
        ImmutableArray<GateFinding> findings = Examine(options);
        FdWriter.Stdout.Write(json ? DoctorJson.Render(findings) : DoctorText.Render(findings));
        FdWriter.Stdout.Flush();
        return DoctorGates.Open(findings) ? 0 : 1;
    }

    /// <summary>Says of a failure which of the gates that it names is closed, and why: in place of what the errno alone says.</summary>
    /// <returns>The failure itself where they tell nothing new.</returns>
    internal static CsrunException Explain(CsrunException failure, GlobalOptions options)
    {
        List<string> whys = [], fixes = [];
        foreach (GateFinding finding in Examine(options))
        {
            if (finding is not { Status: GateStatus.Fail, Cause: { } cause } || !failure.Gates.Contains(finding.Gate))
            {
                continue;
            }

            if (failure.Why?.Contains(cause, StringComparison.Ordinal) == true)
            {
                return failure;
            }

            // The evidence, unless it is the errno that the failure has named already.
            int errno = finding.Evidence.LastIndexOf(": E", StringComparison.Ordinal);
            string evidence = errno >= 0 && failure.Message.EndsWith(finding.Evidence[errno..], StringComparison.Ordinal) ? "" : $": {finding.Evidence}";
            whys.Add($"{cause}  (csrun doctor: {finding.Gate}{evidence})");
            if (finding.Fix is { } fix && !fixes.Contains(fix))
            {
                fixes.Add(fix);
            }
        }

        return whys.Count == 0 ? failure : new CsrunException(failure.Message, string.Join('\n', whys), fixes.Count == 0 ? failure.Fix : string.Join('\n', fixes), failure.ExitCode, failure);
    }

    private static ImmutableArray<GateFinding> Examine(GlobalOptions options)
    {
        CsrunException? refusal = null;
        string? store = null;
        try
        {
            store = StateRoots.Find(options.Root).Data;
        }
        catch (CsrunException e)
        {
            refusal = e;
        }

        return DoctorGates.All(DoctorProbe.Read(Facts(), store, refusal));
    }

    private static IdentityFacts Facts() => IdentityFacts.Read(
        Sys.Geteuid(), Sys.Getegid(), Caller.HasAllRights(Sys.CapgetEffective()), HostFactsProbe.IsInitialUserNamespace(), Environment.GetEnvironmentVariable("PATH"));
}
