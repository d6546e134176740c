using System.Text.Json.Nodes;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>What engines leave to the runtime: HOME, and a working directory that the image does not have.</summary>
public sealed class HomeAndDirectoryTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [RootTheory]
    [InlineData(0, "", "/root")]
    [InlineData(0, "HOME=", "/root")]
    [InlineData(0, "HOME=/elsewhere", "/elsewhere")]
    [InlineData(1000, "", "/home/thousand")]
    [InlineData(4321, "", "/")]
    public void Home_is_the_users_of_the_passwd_file_unless_it_is_given(int uid, string variable, string home)
    {
        string bundle = Make(Identity.Root, uid, variable);
        Assert.Equal($"{home}\n", Run(Identity.Root, bundle, "home"));
    }

    [UserFact]
    public void A_further_process_has_its_own()
    {
        string bundle = Make(Identity.User, 0, "");
        Directory.CreateDirectory(In(bundle, "etc"));
        Args(bundle, "sleep", "1000");
        Create(Identity.User, bundle, "exec-home");
        Sandbox.Csrun(Identity.User, "start", "exec-home").Succeeded();
        Sandbox.Csrun(Identity.User, "exec", "exec-home", "sh", "-c", "echo $HOME").Printed("/root");
        Sandbox.Csrun(Identity.User, "exec", "-e", "HOME=/x", "exec-home", "sh", "-c", "echo $HOME").Printed("/x");
    }

    [RootFact]
    public void A_passwd_file_that_is_a_device_or_a_link_out_keeps_nobody_up()
    {
        string bundle = Make(Identity.Root, 0, "");
        File.Delete(In(bundle, "etc/passwd"));
        Tool.Check("mkfifo", In(bundle, "etc/passwd"));
        Assert.Equal("/\n", Run(Identity.Root, bundle, "fifo"));
        File.Delete(In(bundle, "etc/passwd"));
        File.CreateSymbolicLink(In(bundle, "etc/passwd"), "../../../../../../../../etc/passwd");
        Assert.Equal("/\n", Run(Identity.Root, bundle, "linked"));
    }

    [UserFact]
    public void A_users_working_directory_is_made() => MakesDirectory(Identity.User);

    [RootFact]
    public void Roots_working_directory_is_made() => MakesDirectory(Identity.Root);

    [UserFact]
    public void A_working_directory_through_a_link_is_made_inside()
    {
        string outside = Sandbox.Directory(Identity.User, "outside");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            config["process"]!["cwd"] = "/link/made";
            Args(config, "pwd", "-P");
        });
        Sandbox.Shell(Identity.User, $"mkdir -p {In(bundle, outside[1..])}").Succeeded();
        File.CreateSymbolicLink(In(bundle, "link"), outside);
        Assert.Equal($"{outside}/made\n", Run(Identity.User, bundle, "linked"));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    private void MakesDirectory(Identity identity)
    {
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            config["process"]!["cwd"] = "/srv/app/../deep/";
            Args(config, "sh", "-c", "pwd; stat -c '%u %a' .");
        });
        Assert.Equal("/srv/deep\n0 755\n", Run(identity, bundle, "cwd"));
        // A root file system that is read-only is not made writable for it.
        bundle = Bundles.Make(Sandbox, identity, config =>
        {
            config["process"]!["cwd"] = "/";
            config["root"]!["readonly"] = true;
            Args(config, "sh", "-c", "touch /x 2>&1");
        });
        Assert.Contains("Read-only file system", Run(identity, bundle, "readonly"), StringComparison.Ordinal);
    }

    private string Make(Identity identity, int uid, string variable)
    {
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            config["process"]!["user"] = new JsonObject { ["uid"] = uid, ["gid"] = uid };
            config["process"]!["env"] = variable.Length == 0 ? new JsonArray("PATH=/bin:/usr/bin") : new JsonArray("PATH=/bin:/usr/bin", variable);
            Args(config, "sh", "-c", "echo $HOME");
        });
        Sandbox.Shell(identity, $"mkdir -p {In(bundle, "etc")} && printf 'root:x:0:0:root:/root:/bin/sh\\nthousand:x:1000:1000::/home/thousand:/bin/sh\\n' >{In(bundle, "etc/passwd")}").Succeeded();
        return bundle;
    }

    private static void Args(string bundle, params string[] args)
    {
        string file = Path.Combine(bundle, "config.json");
        JsonObject config = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        Args(config, args);
        File.WriteAllText(file, config.ToJsonString());
    }
}
