using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>File systems in memory with an ID map of their own: nobody's help is needed for them.</summary>
public sealed class MappedTmpfsTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    private const string Script = "stat -c %u:%g /memory; touch /memory/by-35 2>/dev/null; chown 35:35 /memory/by-35; stat -c %u:%g /memory/by-35; touch /plain/f; stat -c %u:%g /plain/f; grep -o ' /memory .*idmapped' /proc/self/mountinfo | wc -l";

    [UserFact(Needs = Need.SubIds)]
    public void An_ordinary_users_is_mapped()
    {
        Account user = Host.Of(Identity.User);
        // Stored 0 counts as container 35, stored 35 as container 0.
        Run("--userns", $"map=0:{user.SubUid}:65536", "--mount", "type=tmpfs,target=/memory,tmpfs-mode=1777,idmap=uids=@0-35-1#@35-0-1;gids=@0-35-1#@35-0-1", "--tmpfs", "/plain", Host.AnyImage, "sh", "-c", Script)
            .Printed("35:35\n35:35\n0:0\n1");
    }

    [RootFact]
    public void Roots_is_mapped() =>
        RunAs(Identity.Root, "--userns", "map=0:500000:65536", "--mount", "type=tmpfs,target=/memory,tmpfs-mode=1777,idmap=uids=0-500035-1#35-500000-1;gids=0-500035-1#35-500000-1", "--tmpfs", "/plain", Host.AnyImage, "sh", "-c", Script)
            .Printed("35:35\n35:35\n0:0\n1");

    [UserFact(Needs = Need.SubIds)]
    public void Without_ranges_the_container_sees_its_own_ids_and_a_map_to_others_is_refused()
    {
        Run("--mount", "type=tmpfs,target=/memory,idmap", Host.AnyImage, "sh", "-c", "touch /memory/f; chown 35:36 /memory/f; stat -c %u:%g /memory/f").Printed("35:36");
        Run("--mount", "type=tmpfs,target=/memory,idmap=uids=0-5-1;gids=0-5-1", Host.AnyImage, "true").Refused(125, "/memory", "container's own");
    }
}
