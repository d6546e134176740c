using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>What an image has in the place of its account files, and what a caller gives for a user. CVE-2024-9676, CVE-2026-47262, CVE-2026-30892.</summary>
public sealed class AccountFileTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    [UserFact]
    public void A_fifo_holds_nobody_up()
    {
        string images = HostileImage.Make(Sandbox, "fifo", root =>
        {
            File.Delete(Path.Combine(root, "etc/passwd"));
            Tool.Check("mkfifo", Path.Combine(root, "etc/passwd"));
        });
        Sandbox.Csrun(Identity.User, ["run", "fifo", "true"], null, HostileImage.SearchPath(images), TimeSpan.FromSeconds(10)).Refused(125, "/etc/passwd", "regular");
    }

    [UserFact]
    public void A_link_to_a_file_of_the_host_is_not_followed_there()
    {
        string directory = Sandbox.Directory(Identity.User);
        string accounts = Path.Combine(directory, "passwd");
        File.WriteAllText(accounts, "intruder:x:0:0::/:/bin/sh\n");
        string images = HostileImage.Make(Sandbox, "outside", root => HostileImage.Link(root, "etc/passwd", accounts));
        Sandbox.Csrun(Identity.User, ["run", "-u", "intruder", "outside", "id", "-u"], null, HostileImage.SearchPath(images)).Refused(125, "intruder");
    }

    [UserFact]
    public void A_link_inside_the_image_is()
    {
        string images = HostileImage.Make(Sandbox, "inside", root =>
        {
            File.Move(Path.Combine(root, "etc/passwd"), Path.Combine(root, "var/passwd"));
            HostileImage.Link(root, "etc/passwd", "/var/passwd");
        });
        Sandbox.Csrun(Identity.User, ["run", "-u", "guest", "inside", "id", "-u"], null, HostileImage.SearchPath(images)).Printed("405");
    }

    [UserFact]
    public void A_giant_file_is_refused()
    {
        string images = HostileImage.Make(Sandbox, "giant", root =>
        {
            using FileStream file = File.OpenWrite(Path.Combine(root, "etc/passwd"));
            file.SetLength(64 << 20);
        });
        Sandbox.Csrun(Identity.User, ["run", "giant", "true"], null, HostileImage.SearchPath(images)).Refused(125, "/etc/passwd", "bytes");
    }

    [RootFact]
    public void A_device_is_looked_at_and_not_opened()
    {
        // Opening a watchdog starts it; here a device that nothing drives, which open(2) would answer with ENXIO.
        string root = TestRootfs.Make(Sandbox, Identity.Root);
        string passwd = Path.Combine(root, "etc/passwd");
        File.Delete(passwd);
        Tool.Check("mknod", passwd, "c", "199", "77");
        RunAs(Identity.Root, "--userns", "host", "--rootfs", root, "true").Refused(125, "/etc/passwd", "no regular file");
    }

    [UserTheory]
    [InlineData("1000:")]
    [InlineData(":0")]
    [InlineData("4294967296")]
    [InlineData("4294967295")]
    [InlineData("2147483648")]
    [InlineData("18446744073709551616")]
    [InlineData("-1")]
    [InlineData("+0")]
    public void Odd_user_ids_are_refused(string user) => Run("-u", user, Host.AnyImage, "id", "-u").Refused(125, "user");

    [UserFact]
    public void A_number_is_never_a_name()
    {
        string images = HostileImage.Make(Sandbox, "numbers", root => File.AppendAllText(Path.Combine(root, "etc/passwd"), "1000:x:0:0::/root:/bin/sh\n4294967296:x:0:0::/root:/bin/sh\n"));
        Sandbox.Csrun(Identity.User, ["run", "-u", "4294967296", "numbers", "id", "-u"], null, HostileImage.SearchPath(images)).Refused(125);
        if (Host.Of(Identity.User).SubUidCount > 1000)
        {
            Sandbox.Csrun(Identity.User, ["run", "-u", "1000", "numbers", "id", "-u"], null, HostileImage.SearchPath(images)).Printed("1000");
        }
    }
}
