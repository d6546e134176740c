using Csrun.Linux;
using Csrun.Oci;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine.Lifecycle;

/// <summary>The hooks of a container that is there already: poststart and poststop.</summary>
internal static class LaterHooks
{
    /// <summary>Runs them all. One that fails is warned of and stops nothing (runtime-spec runtime.md, "Lifecycle").</summary>
    /// <param name="record">The container.</param>
    /// <param name="kind">Their name in the configuration.</param>
    /// <param name="hooks">The hooks.</param>
    /// <param name="pid">Its first process; 0 when it has ended.</param>
    /// <param name="status">What it does.</param>
    internal static void Run(ContainerRecord record, string kind, IReadOnlyList<Hook>? hooks, int pid, string status)
    {
        if (hooks is null or [])
        {
            return;
        }

        string state = OciState.ForHook(record.Id, new Bundle(record.Bundle, record.Spec, "", []), pid, status);
        for (int i = 0; i < hooks.Count; i++)
        {
            try
            {
                HookRun.Run($"$.hooks.{kind}[{i}]", hooks[i], state);
            }
            catch (CsrunException failure)
            {
                Notes.Write($"{failure.Message}{(failure.Why is null ? "" : $": {failure.Why}")}");
            }
        }
    }
}
