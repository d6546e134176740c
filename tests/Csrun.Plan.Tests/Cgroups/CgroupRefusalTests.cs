using Csrun.Linux.Abi;
using Csrun.Plan.Cgroups;

namespace Csrun.Plan.Tests.Cgroups;

/// <summary>One cause and one fix for each way in which a group cannot be made.</summary>
public sealed class CgroupRefusalTests
{
    [Theory]
    [InlineData(Errno.EROFS, true, "\"/sys/fs/cgroup/pids/a\" is mounted read-only", "mount -o remount,rw /sys/fs/cgroup/pids")]
    [InlineData(Errno.EROFS, false, "\"/sys/fs/cgroup/pids/a\" is mounted read-only", "start csrun outside the container")]
    [InlineData(Errno.EACCES, false, "the caller may not write to \"/sys/fs/cgroup/pids/a\"", "run csrun as root")]
    [InlineData(Errno.EACCES, true, "the caller may not write to \"/sys/fs/cgroup/pids/a\"", "CAP_DAC_OVERRIDE")]
    [InlineData(Errno.ELOOP, true, "\"/sys/fs/cgroup/pids/a\": ELOOP", "ls -ld /sys/fs/cgroup/pids/a")]
    public void Version_1(Errno errno, bool root, string why, string fix)
    {
        (string foundWhy, string foundFix) = new CgroupRefusal(errno, "/sys/fs/cgroup/pids/a").Explain(Layouts.V1 with { Privileged = root });
        Assert.StartsWith(why, foundWhy, StringComparison.Ordinal);
        Assert.Contains(fix, foundFix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "loginctl enable-linger")]
    [InlineData(false, "sudo chown -R $USER /sys/fs/cgroup/$USER")]
    public void Version_2_is_handed_down(bool systemd, string fix)
    {
        (string why, string found) = new CgroupRefusal(Errno.EACCES, "/sys/fs/cgroup/user.slice/cgroup.procs").Explain(Layouts.Unified with { Privileged = false, Systemd = systemd });
        Assert.Contains("not handed down", why, StringComparison.Ordinal);
        Assert.Contains(fix, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_controller_that_is_not_mounted_is_named() => Assert.Contains("\"freezer\"", CgroupRefusal.NotMounted("freezer").Why, StringComparison.Ordinal);
}
