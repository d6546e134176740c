using System.Diagnostics;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>SIGKILL to root's csrun at any moment: no process, mount or directory outlives the next run.</summary>
public sealed class KillTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [RootTheory]
    [InlineData("private")]
    [InlineData("host")]
    public void Sigkill_at_any_moment(string userns)
    {
        RunAs(Identity.Root, "--userns", userns, Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.Root);
        Random random = new(20191);
        for (int i = 0; i < 100; i++)
        {
            string[] init = i % 2 == 0 ? [] : ["--init"];
            using Process process = Sandbox.Start(Identity.Root, [Host.Csrun, "run", "--userns", userns, .. init, Host.AnyImage, "sleep", "1000"]);
            Thread.Sleep(TimeSpan.FromMicroseconds(random.Next(0, 25_000)));
            process.Kill();
            Tool.Finish(process, null, Tool.Patience).Exited(137);
        }

        RunAs(Identity.Root, "--userns", userns, Host.AnyImage, "true").Succeeded();
        leftovers.AssertNone();
    }
}
