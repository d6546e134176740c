using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Bundle;

/// <summary>A tmpfs without mode= has the mode of the directory that it covers, as under runc, and root's ownership.</summary>
public sealed class CoveredModeTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserFact]
    public void A_users_tmpfs_has_the_mode_of_what_it_covers() => Covered(Identity.User, "");

    [RootFact]
    public void Roots_tmpfs_has_the_mode_and_not_the_owner() => Covered(Identity.Root, "; chown 77:77 run tmp var; chmod 2710 run");

    [UserFact]
    public void What_an_earlier_mount_covers_does_not_count_and_a_volumes_directory_does()
    {
        string volume = Sandbox.Directory(Identity.User, "volume");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "stat", "-c", "%n %a %u:%g", "/home/sub", "/var/sub", "/var/sub/below");
            foreach ((string destination, string type, string source) in ((string, string, string)[])
                [("/home", "tmpfs", "tmpfs"), ("/home/sub", "tmpfs", "tmpfs"), ("/var", "bind", volume), ("/var/sub", "tmpfs", "tmpfs"), ("/var/sub/below", "tmpfs", "tmpfs")])
            {
                config["mounts"]!.AsArray().Add(Mount(destination, type, source, type == "bind" ? ["rbind"] : ["nodev"]));
            }
        });
        Sandbox.Shell(Identity.User, $"mkdir -p -m 700 {bundle}/rootfs/home/sub {bundle}/rootfs/var/sub; mkdir -m 2750 {volume}/sub; mkdir -m 711 {volume}/sub/below").Succeeded();
        Assert.Equal("/home/sub 1777 0:0\n/var/sub 2750 0:0\n/var/sub/below 1777 0:0\n", Run(Identity.User, bundle, "earlier"));
    }

    [UserFact]
    public void A_link_to_the_host_shows_the_mode_of_the_root_file_systems_directory()
    {
        string outside = Sandbox.Directory(Identity.User, "outside");
        string bundle = Bundles.Make(Sandbox, Identity.User, config =>
        {
            Args(config, "stat", "-Lc", "%a", "/link");
            config["mounts"]!.AsArray().Add(Mount("/link", "tmpfs", "tmpfs"));
        });
        File.CreateSymbolicLink(In(bundle, "link"), outside);
        Sandbox.Shell(Identity.User, $"chmod 711 {outside}; mkdir -p {bundle}/rootfs{outside}; chmod 3751 {bundle}/rootfs{outside}").Succeeded();
        Assert.Equal("3751\n", Run(Identity.User, bundle, "outside"));
    }

    [UserFact(Needs = Need.RootTests | Need.SubIds)]
    public void Run_with_a_configuration_does_the_same_on_an_image_and_an_option_of_its_own_does_not()
    {
        string file = ConfigFile.Write(Sandbox, Identity.User, "{}", json =>
        {
            json["mounts"]!.AsArray().Add(Mount("/etc", "tmpfs", "tmpfs"));
            json["mounts"]!.AsArray().Add(Mount("/usr", "tmpfs", "tmpfs"));
            json["mounts"]!.AsArray().Add(Mount("/none", "tmpfs", "tmpfs"));
        });
        string[] options = ["run", "--config", file, "--tmpfs", "/usr", Host.AnyImage, "stat", "-c", "%n %a", "/etc", "/usr", "/none"];
        Sandbox.Csrun(Identity.User, options).Printed("/etc 755\n/usr 1777\n/none 1777");
    }

    private void Covered(Identity identity, string change)
    {
        string bundle = Bundles.Make(Sandbox, identity, config =>
        {
            Args(config, "stat", "-c", "%n %a %u:%g", "/run", "/tmp", "/var", "/home", "/none");
            config["mounts"]!.AsArray().Add(Mount("/run", "tmpfs", "tmpfs", "nosuid", "size=64k"));
            config["mounts"]!.AsArray().Add(Mount("/tmp", "tmpfs", "tmpfs"));
            config["mounts"]!.AsArray().Add(Mount("/var", "tmpfs", "tmpfs", "ro", "mode=0700"));
            config["mounts"]!.AsArray().Add(Mount("/home", "tmpfs", "tmpfs", "tmpcopyup"));
            config["mounts"]!.AsArray().Add(Mount("/none", "tmpfs", "tmpfs"));
        });
        Sandbox.Shell(identity, $"cd {bundle}/rootfs; mkdir -p run tmp var home; chmod 755 run var; chmod 1777 tmp; chmod 711 home{change}").Succeeded();
        string run = identity == Identity.Root ? "2710" : "755";
        Assert.Equal($"/run {run} 0:0\n/tmp 1777 0:0\n/var 700 0:0\n/home 711 0:0\n/none 1777 0:0\n", Run(identity, bundle, "modes"));
    }
}
