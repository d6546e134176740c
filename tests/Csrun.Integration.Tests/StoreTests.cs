using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The store as users see it: csrun images, csrun image rm, and runs beside them.</summary>
public sealed class StoreTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void Images_shows_what_was_unpacked_and_rm_empties_it()
    {
        Run(Host.AnyImage, "true").Succeeded();
        Assert.Contains(Host.AnyImage, Sandbox.Csrun(Identity.User, "images").Succeeded().Stdout, StringComparison.Ordinal);
        Sandbox.Csrun(Identity.User, "image", "rm", Host.AnyImage).Succeeded();
        Run(Host.AnyImage, "true").Succeeded();
    }

    [UserFact]
    public void Rm_of_an_image_that_is_not_there_is_refused() => Sandbox.Csrun(Identity.User, "image", "rm", "nothing").Refused(125, "nothing");

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void Owners_and_modes_of_the_image_are_right() =>
        Run("alpine", "stat", "-c", "%a %u:%g %n", "/etc/shadow", "/tmp", "/bin/busybox", "/root")
            .Printed("640 0:42 /etc/shadow\n1777 0:0 /tmp\n755 0:0 /bin/busybox\n700 0:0 /root");

    [UserFact(Needs = Need.Alpine | Need.SubIds)]
    public void The_version_in_the_tag_chooses_the_tarball()
    {
        Run("alpine:3.20", "cat", "/etc/alpine-release").Printed("3.20.3");
        Run("alpine:3.20.3", "cat", "/etc/alpine-release").Printed("3.20.3");
        Run("alpine", "cat", "/etc/alpine-release").Printed("3.20.3");
    }

    [UserFact]
    public void The_embedded_busybox_runs() => Run("busybox", "sh", "-c", "id -u; id -un").Printed("0\nroot");
}
