/*
 * The floor that every launcher stands on, and a ruler.
 *
 *   baseline clone ROOT COMMAND [ARG...]   one clone3 with the namespaces of `bwrap --unshare-all`, a single-ID map
 *                                          written by the parent, chroot, exec; no mounts, nothing else
 *   baseline rss COMMAND [ARG...]          run COMMAND and print the peak resident memory of the largest process
 *                                          that it and its children were, in KiB
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "baseline: %s: %s\n", what, strerror(errno));
    exit(125);
}

static void put(pid_t pid, const char *file, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die(path);
    close(fd);
}

static int exit_code(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int run_cloned(char **argv)
{
    int gate[2];
    if (pipe2(gate, O_CLOEXEC) < 0)
        die("pipe2");

    struct clone_args args = {
        .flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP,
        .exit_signal = SIGCHLD,
    };
    uid_t uid = geteuid();
    gid_t gid = getegid();
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    if (pid < 0)
        die("clone3");

    if (pid == 0) {
        char go;
        close(gate[1]);
        if (read(gate[0], &go, 1) != 1)
            _exit(125);
        if (chroot(argv[0]) < 0 || chdir("/") < 0)
            die("chroot");
        char *environment[] = {"PATH=/bin:/usr/bin", NULL};
        execve(argv[1], argv + 1, environment);
        die(argv[1]);
    }

    char map[64];
    snprintf(map, sizeof map, "0 %u 1\n", uid);
    put(pid, "uid_map", map);
    put(pid, "setgroups", "deny");
    snprintf(map, sizeof map, "0 %u 1\n", gid);
    put(pid, "gid_map", map);
    if (write(gate[1], "", 1) != 1)
        die("write");

    int status;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            die("waitpid");
    return exit_code(status);
}

static int run_measured(char **argv)
{
    pid_t pid = fork();
    if (pid < 0)
        die("fork");
    if (pid == 0) {
        execvp(argv[0], argv);
        die(argv[0]);
    }

    int status;
    struct rusage usage;
    if (wait4(pid, &status, 0, &usage) < 0)
        die("wait4");
    printf("%ld\n", usage.ru_maxrss);
    return exit_code(status);
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "clone") == 0)
        return run_cloned(argv + 2);
    if (argc >= 3 && strcmp(argv[1], "rss") == 0)
        return run_measured(argv + 2);
    fprintf(stderr, "usage: baseline clone ROOT COMMAND [ARG...] | baseline rss COMMAND [ARG...]\n");
    return 2;
}
