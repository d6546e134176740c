using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;
using Csrun.Linux.Tests.Abi;

namespace Csrun.Linux.Tests.Seccomp;

/// <summary>The default profile, loaded into this machine's kernel by a child process.</summary>
public sealed class SeccompKernelTests
{
    // Loads the program from the file and prints errno of some calls, 0 for none.
    private const string Probe = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <sys/prctl.h>
        #include <sys/syscall.h>
        #include <unistd.h>
        static void show(const char *name, long rc) { printf("%s %d\n", name, rc < 0 ? errno : 0); }
        int main(int argc, char **argv)
        {
            static struct sock_filter filter[BPF_MAXINSNS];
            int fd = open(argv[1], O_RDONLY);
            struct sock_fprog prog = { .len = read(fd, filter, sizeof filter) / sizeof *filter, .filter = filter };
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog)) {
                perror("seccomp");
                return 1;
            }
            show("getpid", syscall(SYS_getpid));
            show("mount", syscall(SYS_mount, 0, "/nowhere", 0, 0, 0));
            show("unshare", syscall(SYS_unshare, 0));
            show("clone3", syscall(SYS_clone3, 0, 0));
            show("personality", syscall(SYS_personality, 0xffffffffUL));
            show("keyctl", syscall(SYS_keyctl, 0, 0, 0, 0, 0));
            show("vsock", syscall(SYS_socket, 40L, 1, 0));
            show("vsock-high", syscall(SYS_socket, 0x100000028L, 1, 0));
            show("unix", syscall(SYS_socket, 1L, 1, 0));
            show("new", syscall(600));
            fflush(stdout);
            return system("exit 0"); /* fork, exec and wait under the filter */
        }
        """;

    [SeccompFact(compiler: true)]
    public void The_kernel_takes_the_filter_and_answers_as_it_says()
    {
        SeccompProfile profile = DefaultSeccompProfile.For(CapabilitySet.Default, RuntimeInformation.ProcessArchitecture, new(6, 12));
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, SeccompCompiler.Compile(profile).Program.ToArray());
            Assert.Equal(
                "getpid 0\nmount 1\nunshare 1\nclone3 38\npersonality 0\nkeyctl 1\nvsock 1\nvsock-high 1\nunix 0\nnew 38\n",
                CProgram.Run(Probe, file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
