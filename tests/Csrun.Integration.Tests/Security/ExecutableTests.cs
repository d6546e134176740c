using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Security;

/// <summary>CVE-2019-5736: a container that gets hold of csrun's own file through /proc/self/exe.</summary>
public sealed class ExecutableTests(Sandbox sandbox) : IntegrationTest(sandbox)
{
    // An ELF interpreter for x86-64: fchmodat(AT_FDCWD, "/proc/self/exe", 0777), exit with its errno. The kernel starts it in
    // place of the C library's when the command is /proc/self/exe, that is csrun, and the image brings it as ld-linux-x86-64.so.2.
    internal const string Attacker =
        "7f454c4602010100000000000000000003003e0001000000780000000000000040000000000000000000000000000000000000004000380001000000000000000100000005000000"
        + "000000000000000000000000000000000000000000000000aa00000000000000aa000000000000000010000000000000b80c010000bf9cffffff488d3512000000baff0100000f05"
        + "f7d889c7b8e70000000f052f70726f632f73656c662f65786500";

    private const int ReadOnlyFileSystem = 30; // EROFS

    [UserFact]
    public void A_container_cannot_change_its_callers_binary() => Attack(Identity.User, [], 0); // it changes the mode of the copy in memory

    [RootFact]
    public void A_container_of_the_hosts_root_cannot_change_roots_binary() => Attack(Identity.Root, ["--userns", "host"], ReadOnlyFileSystem);

    [UserFact]
    public void A_binary_of_the_callers_runs_from_memory() => Assert.StartsWith("/memfd:", Executable(Identity.User, OwnBinary(Identity.User)), StringComparison.Ordinal);

    [RootFact]
    public void A_binary_of_roots_runs_as_it_is()
    {
        string binary = OwnBinary(Identity.Root);
        Assert.Equal(binary, Executable(Identity.User, binary));
        Assert.Equal(binary, Executable(Identity.Root, binary));
        Assert.Equal("/", Executable(Identity.Root, binary, "--userns", "host")); // a mount that is in no mount namespace
        File.SetUnixFileMode(binary, (UnixFileMode)0x1ff);
        Assert.Equal("/", Executable(Identity.Root, binary));
    }

    [RootFact]
    public void Nobody_makes_the_read_only_mount_of_roots_binary_writable()
    {
        using Process process = Sandbox.Start(Identity.Root, [OwnBinary(Identity.Root), "run", "-i", "--userns", "host", Host.AnyImage, "sh", "-c", "echo ready; cat"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        // By the host's root, who may do more than any container: the mount belongs to no namespace, so nobody may. open_tree(2) and
        // mount_setattr(2) have the same numbers on all machines; the attribute is MOUNT_ATTR_RDONLY, in attr_clr.
        string answers = Tool.Check("perl", "-e", """
            my ($exe, $empty, $clear) = (shift, "", pack("Q4", 0, 1, 0, 0));
            open(my $file, "<", $exe) or die "open: $!";
            my $fd = fileno($file);
            print syscall(442, $fd, $empty, 0x1000, $clear, 32) == -1 ? "$!\n" : "writable\n";
            print syscall(428, $fd, $empty, 0x1001) == -1 ? "$!\n" : "copied\n";
            print chmod(0777, $exe) ? "changed\n" : "$!\n";
            """, $"/proc/{process.Id}/exe");
        Assert.Equal("Invalid argument\nInvalid argument\nRead-only file system\n", answers);
        Tool.Finish(process, null, Tool.Patience).Succeeded();
    }

    // ADR-0035: a thread is the runtime's, its finalizer.
    [RootFact(Needs = Need.Strace)]
    public void Roots_exec_starts_again_before_its_runtime_begins()
    {
        string trace = Path.Combine(Sandbox.Directory(Identity.Root), "trace");
        Tool.Finish(Sandbox.Start(Identity.Root, ["strace", "-f", "-o", trace, "-e", "trace=execveat,clone3", Host.Csrun, "exec", "nosuch", "true"]), null, Tool.Patience).Refused(125, "nosuch");
        string[] calls = [.. File.ReadLines(trace).Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimStart().Split('(')[0]).Where(call => call is "execveat" or "clone3")];
        Assert.Equal(["execveat", "clone3"], calls);
    }

    [UserFact]
    public void The_copy_finds_the_images_beside_the_binary_and_reads_its_input_once()
    {
        string binary = OwnBinary(Identity.User);
        string images = HostileImage.Make(Sandbox, "beside", _ => { });
        Directory.Move(images, Path.Combine(Path.GetDirectoryName(binary)!, "images"));
        RunResult result = Sandbox.Shell(
            Identity.User,
            $"unset CSRUN_IMAGE_PATH; echo GREETING=hello | {binary} run --env-file /dev/stdin beside sh -c 'echo $GREETING \"$0\"; env | grep -c CSRUN' 'a  b'");
        result.Exited(1); // grep -c counts none
        Assert.Equal("hello a  b\n0", result.Output);
    }

    [UserFact]
    public void Another_thread_costs_a_new_start_and_not_the_run()
    {
        if (Host.Find("gcc") is not { } gcc)
        {
            return; // Debian's compiler makes the library that starts the thread
        }

        string directory = Sandbox.Directory(Identity.User);
        string source = Path.Combine(directory, "thread.c");
        File.WriteAllText(source, """
            #include <pthread.h>
            #include <stdlib.h>
            #include <unistd.h>
            static void *rest(void *none) { for (;;) pause(); }
            __attribute__((constructor)) static void start(void)
            {
                pthread_t thread;
                int count = getenv("CSRUN_EXE") ? atoi(getenv("THREADS_OF_THE_COPY")) : 3;
                while (count-- > 0)
                    pthread_create(&thread, 0, rest, 0);
            }
            """);
        Tool.Check(gcc, "-shared", "-fPIC", "-o", Path.Combine(directory, "thread.so"), source, "-lpthread");
        Run(Host.AnyImage, "true").Succeeded();
        Leftovers leftovers = Leftovers.Before(Sandbox, Identity.User);
        // Set by a shell: setpriv, which becomes the user first, does not survive the library.
        string command = $"LD_PRELOAD={directory}/thread.so $CSRUN run {Host.AnyImage} echo ran";
        Sandbox.Shell(Identity.User, $"THREADS_OF_THE_COPY=0 {command}").Printed("ran");
        Sandbox.Shell(Identity.User, $"THREADS_OF_THE_COPY=3 {command}").Refused(125, "threads");
        leftovers.AssertNone();
    }

    private void Attack(Identity identity, string[] options, int answer)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return; // the attacker is machine code
        }

        string binary = OwnBinary(identity);
        byte[] hash = SHA256.HashData(File.ReadAllBytes(binary));
        string root = TestRootfs.Make(Sandbox, identity);
        Directory.CreateDirectory(Path.Combine(root, "lib64"));
        string attacker = Path.Combine(root, "lib64", "ld-linux-x86-64.so.2");
        File.WriteAllBytes(attacker, Convert.FromHexString(Attacker));
        Tool.Check("chmod", "0755", attacker);
        RunResult result = Tool.Finish(Sandbox.Start(identity, [binary, "run", .. options, "--rootfs", root, "/proc/self/exe"]), null, Tool.Patience);
        result.Exited(answer);
        Assert.Equal("755", Tool.Check("stat", "-c", "%a", binary).Trim());
        Assert.Equal(hash, SHA256.HashData(File.ReadAllBytes(binary)));
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

    /// <summary>What /proc/PID/exe of a running csrun is.</summary>
    private string Executable(Identity identity, string binary, params string[] options)
    {
        using Process process = Sandbox.Start(identity, [binary, "run", "-i", .. options, Host.AnyImage, "sh", "-c", "echo ready; cat"]);
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        string executable = Tool.Check("readlink", $"/proc/{process.Id}/exe").Trim();
        Tool.Finish(process, null, Tool.Patience).Succeeded();
        return executable;
    }
}
