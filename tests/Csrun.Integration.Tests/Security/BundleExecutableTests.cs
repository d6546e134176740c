using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>CVE-2019-5736 on bundles: csrun's own file stays as it is, whatever create, start and exec run.</summary>
public sealed class BundleExecutableTests(Sandbox sandbox) : BundleTest(sandbox)
{
    [UserFact]
    public void A_users_file_is_out_of_reach() => Attack(Identity.User, 0); // the mode of the copy in memory is what changes

    [RootFact]
    public void Roots_file_is_out_of_reach_of_the_hosts_root() => Attack(Identity.Root, 30); // EROFS: a read-only mount of its own

    [RootFact]
    public void Files_of_waiting_and_joining_processes_cannot_be_written()
    {
        string binary = OwnBinary(Identity.Root);
        byte[] hash = SHA256.HashData(File.ReadAllBytes(binary));
        string bundle = Bundles.Make(Sandbox, Identity.Root, config => Args(config, "sh", "-c", "while :; do for exe in /proc/[0-9]*/exe; do (: >> $exe) 2>/dev/null && case $(readlink $exe) in /bin/busybox) ;; *) echo opened $exe ;; esac; done; done"));
        Create(Identity.Root, bundle, "spy");
        Assert.NotEqual("", Sandbox.Shell(Identity.Root, $"{binary} exec spy sh -c ': >> /proc/1/exe'").Stderr); // while it waits
        Sandbox.Csrun(Identity.Root, "start", "spy").Printed("");
        for (int i = 0; i < 30; i++)
        {
            Sandbox.Shell(Identity.Root, $"{binary} exec spy true").Succeeded();
        }

        Assert.Equal("", File.ReadAllText(Path.Combine(bundle, "out")));
        Assert.Equal(hash, SHA256.HashData(File.ReadAllBytes(binary)));
    }

    private void Attack(Identity identity, int answer)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return; // the attacker is machine code
        }

        string binary = OwnBinary(identity);
        byte[] hash = SHA256.HashData(File.ReadAllBytes(binary));
        string bundle = Bundles.Make(Sandbox, identity, config => config["process"]!["noNewPrivileges"] = true);
        string loader = In(bundle, "lib64/ld-linux-x86-64.so.2");
        Directory.CreateDirectory(Path.GetDirectoryName(loader)!);
        File.WriteAllBytes(loader, Convert.FromHexString(ExecutableTests.Attacker));
        Tool.Check("chmod", "0755", loader, Path.GetDirectoryName(loader)!);
        Create(identity, bundle, "attacked");
        Sandbox.Csrun(identity, "start", "attacked").Printed("");
        Sandbox.Shell(identity, $"{binary} exec attacked /proc/self/exe").Exited(answer);
        string first = Bundles.Make(Sandbox, identity, config => Args(config, "/proc/self/exe"));
        Directory.CreateDirectory(In(first, "lib64"));
        File.Copy(loader, In(first, "lib64/ld-linux-x86-64.so.2"));
        Tool.Check("chmod", "0755", In(first, "lib64"), In(first, "lib64/ld-linux-x86-64.so.2"));
        Sandbox.Shell(identity, $"{binary} create -b {first} first </dev/null >/dev/null 2>&1; {binary} start first; sleep 0.2; {binary} delete -f first");
        Assert.Equal("755", Tool.Check("stat", "-c", "%a", binary).Trim());
        Assert.Equal(hash, SHA256.HashData(File.ReadAllBytes(binary)));
        Sandbox.Shell(identity, $"{binary} exec attacked echo honest").Printed("honest");
    }

    private string OwnBinary(Identity owner)
    {
        string binary = Path.Combine(Sandbox.Directory(owner, "bin"), "csrun");
        File.Copy(Host.Csrun, binary);
        Tool.Check("chmod", "0755", binary);
        if (Host.IsRoot)
        {
            Tool.Check("chown", $"{Host.Of(owner).Uid}:{Host.Of(owner).Gid}", binary);
        }

        return binary;
    }
}
