using Csrun.Linux.Abi;
using Csrun.Plan.Identity;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Tests.Identity;

namespace Csrun.Plan.Tests.Planning;

/// <summary>The plan of csrun unshare: what stays the caller's, and who the command is.</summary>
public sealed class UnsharePlannerTests
{
    private static readonly HostFacts s_facts = LaunchRequests.Default.Facts with { CallerUid = 1000, CallerGid = 1000, IgnoredSignals = [Signal.SIGHUP, Signal.SIGPIPE] };

    [Fact]
    public void The_caller_is_user_0_with_the_callers_groups()
    {
        SetIdsOp ids = Op<SetIdsOp>(Mapped(null));

        Assert.Equal((0u, 0u, true), (ids.Uid, ids.Gid, ids.Groups.IsDefault));
    }

    [Fact]
    public void Keep_id_stays_the_caller()
    {
        SetIdsOp ids = Op<SetIdsOp>(Mapped(UsernsMode.Parse("keep-id")));

        Assert.Equal((1000u, 1000u, true), (ids.Uid, ids.Gid, ids.Groups.IsDefault));
    }

    [Theory]
    [InlineData("nomap")]
    [InlineData("map=0:100000:65536")]
    public void Who_is_somebody_else_loses_the_callers_groups(string mode)
    {
        SetIdsOp ids = Op<SetIdsOp>(Mapped(UsernsMode.Parse(mode)));

        Assert.Equal((0u, 0u, false), (ids.Uid, ids.Gid, ids.Groups.IsDefault));
        Assert.Empty(ids.Groups);
    }

    [Fact]
    public void With_denied_setgroups_the_plan_does_not_call_it()
    {
        SetIdsOp ids = Op<SetIdsOp>(SingleId());

        Assert.True(ids.Groups.IsDefault);
    }

    [Fact]
    public void A_mapped_namespace_has_mounts_of_its_own_and_an_unmapped_one_has_not()
    {
        Assert.Equal(CloneFlags.CLONE_NEWNS, Op<UnshareOp>(Mapped(null)).Namespaces);
        LaunchPlan unmapped = UnsharePlanner.Unmapped(["id"], ["PATH=/bin"], s_facts);
        Assert.DoesNotContain(unmapped.Steps, s => s is ChildStep { Op: UnshareOp or SetIdsOp } or CsrunStep { Op: WriteIdMapsOp });
        Assert.Equal(CloneFlags.CLONE_NEWUSER, unmapped.Namespaces);
    }

    [Fact]
    public void Descriptors_session_and_umask_stay_the_callers()
    {
        foreach (LaunchPlan plan in (LaunchPlan[])[Mapped(null), UnsharePlanner.Unmapped(["id"], ["PATH=/bin"], s_facts)])
        {
            Assert.True(plan.KeepsDescriptors);
            Assert.DoesNotContain(plan.Steps, s => s is ChildStep { Op: CloseDescriptorsOp or SetsidOp or UmaskOp or Dup3Op });
        }
    }

    [Fact]
    public void Signals_that_the_caller_ignores_stay_ignored() => Assert.Equal([Signal.SIGPIPE], Op<ResetSignalsOp>(Mapped(null)).Ignored.AsEnumerable());

    [Fact]
    public void Signals_are_passed_on_before_the_command_can_start()
    {
        LaunchPlan plan = Mapped(null);
        int forward = plan.Steps.First(s => s is CsrunStep { Op: ForwardSignalsOp }).Number;
        int pass = plan.Steps.First(s => s is CsrunStep { Op: PassBarrierOp }).Number;
        int written = plan.Steps.First(s => s is CsrunStep { Op: WriteIdMapsOp }).Number;
        int exec = plan.Steps.First(s => s is ChildStep { Op: ExecveOp }).Number;

        Assert.True(written < pass && forward < pass && pass < exec);
        Assert.Equal(plan.Steps.Length, exec);
    }

    [Fact]
    public void The_command_is_looked_for_in_the_callers_path()
    {
        Assert.Equal(["/a/id", "/b/id"], Op<ExecveOp>(UnsharePlanner.Unmapped(["id", "-u"], ["PATH=/a:/b"], s_facts)).Candidates.AsEnumerable());
        Assert.Equal(["./id"], Op<ExecveOp>(UnsharePlanner.Unmapped(["./id"], ["PATH=/a:/b"], s_facts)).Candidates.AsEnumerable());
    }

    private static LaunchPlan SingleId()
    {
        IdentityPlan identity = IdentityPlanner.Plan(null, null, null, 0, 0, Callers.Poor);
        return UnsharePlanner.Mapped(identity, MapWriterKind.Direct, ["id"], ["PATH=/bin"], s_facts);
    }

    private static LaunchPlan Mapped(UsernsMode? mode)
    {
        IdentityPlan identity = IdentityPlanner.Plan(mode, null, null, 0, 0, Callers.Alice);
        return UnsharePlanner.Mapped(identity, MapWriterKind.Tool, ["id"], ["PATH=/bin"], s_facts);
    }

    private static T Op<T>(LaunchPlan plan) where T : KernelOp => plan.Steps.OfType<ChildStep>().Select(s => s.Op).OfType<T>().Single();
}
