using System.Diagnostics;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;

namespace Csrun.Linux.Tests.Processes;

public sealed class ProcessIdentityTests
{
    [Fact]
    public void A_process_is_opened_as_long_as_it_is_the_same()
    {
        using Process child = Process.Start("sleep", "100");
        ProcessIdentity identity = ProcessIdentity.Of(child.Id)!.Value;
        using (SafeFd pidfd = identity.Open()!)
        {
            Assert.Equal(child.Id, ProcessIdentity.PidOf(pidfd));
            Assert.Null((identity with { StartTime = identity.StartTime + 1 }).Open());
            child.Kill();
            child.WaitForExit();
            Assert.True(ProcessIdentity.PidOf(pidfd) <= 0);
        }

        Assert.Null(identity.Open());
        Assert.Null(ProcessIdentity.Of(child.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void No_process_is_no_failure(int pid)
    {
        Assert.Null(ProcessIdentity.Of(pid));
        Assert.Null(new ProcessIdentity(pid, 0).Open());
    }

    [Fact]
    public void A_name_may_hold_anything()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string program = Path.Combine(directory, ") Z 1 (");
            File.Copy("/bin/sleep", program);
            using Process child = Process.Start(program, "100");
            ProcessIdentity? identity = ProcessIdentity.Of(child.Id);
            child.Kill();
            Assert.NotNull(identity);
            Assert.True(identity.Value.StartTime > 0);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void One_that_has_ended_and_is_not_waited_for_is_gone()
    {
        Spawned.TryStart("/bin/true", ["true"], [], [], out Spawned? child).OrThrow("posix_spawn");
        for (int i = 0; i < 200 && ProcessIdentity.Of(child!.Pid) is not null; i++)
        {
            Thread.Sleep(10);
        }

        Assert.True(Directory.Exists($"/proc/{child!.Pid}"));
        Assert.Null(ProcessIdentity.Of(child.Pid));
        Assert.Equal(0, child.Wait());
    }
}
