using Csrun.Plan.Requests;

namespace Csrun.Cli.Tests;

/// <summary>Where csrun's options end and the command's own words begin; the words between the bars are one argv each.</summary>
public sealed class ArgvTests
{
    /// <summary>argv, then image and command as they have to arrive.</summary>
    [Theory]
    [InlineData("alpine", "alpine", "")]
    [InlineData("alpine|id", "alpine", "id")]
    [InlineData("alpine|id|-u", "alpine", "id|-u")]
    [InlineData("alpine|ls|@foo", "alpine", "ls|@foo")]
    [InlineData("alpine|ls|@/etc/passwd", "alpine", "ls|@/etc/passwd")]
    [InlineData("alpine|cmd|--help", "alpine", "cmd|--help")]
    [InlineData("alpine|cmd|-h", "alpine", "cmd|-h")]
    [InlineData("alpine|--help", "alpine", "--help")]
    [InlineData("alpine|--version", "alpine", "--version")]
    [InlineData("alpine|-it", "alpine", "-it")]
    [InlineData("alpine|sh|-c|x y|--|z", "alpine", "sh|-c|x y|--|z")]
    [InlineData("alpine|--|sh", "alpine", "--|sh")]
    [InlineData("alpine|sh|--rm|--name|x", "alpine", "sh|--rm|--name|x")]
    [InlineData("alpine|echo||x", "alpine", "echo||x")]
    [InlineData("alpine|echo|[suggest]", "alpine", "echo|[suggest]")]
    [InlineData("alpine|echo|--log-format=json", "alpine", "echo|--log-format=json")]
    [InlineData("alpine|echo|--memory=1g|-d", "alpine", "echo|--memory=1g|-d")]
    [InlineData("alpine|echo|–rm", "alpine", "echo|–rm")]
    [InlineData("--rm|alpine|id", "alpine", "id")]
    [InlineData("-it|alpine|sh", "alpine", "sh")]
    [InlineData("-i|-t|alpine|sh", "alpine", "sh")]
    [InlineData("--|alpine|id", "alpine", "id")]
    [InlineData("--rm|--|alpine|--|id", "alpine", "--|id")]
    [InlineData("--name|box|alpine|id", "alpine", "id")]
    [InlineData("--name=box|alpine|id", "alpine", "id")]
    [InlineData("-e|A=B|alpine|env", "alpine", "env")]
    [InlineData("-eA=B|alpine|env", "alpine", "env")]
    [InlineData("-e=A=B|alpine|env", "alpine", "env")]
    [InlineData("--env=A=B|alpine|env", "alpine", "env")]
    [InlineData("-v|/a:/b|alpine|ls|-v", "alpine", "ls|-v")]
    [InlineData("-v=/a:/b|alpine|ls", "alpine", "ls")]
    [InlineData("-v/a:/b|alpine|ls", "alpine", "ls")]
    [InlineData("-itv|/a:/b|alpine|ls", "alpine", "ls")]
    [InlineData("-itv/a:/b|alpine|ls", "alpine", "ls")]
    [InlineData("-itw=/x|alpine|ls", "alpine", "ls")]
    [InlineData("-u|1000:1000|alpine|id", "alpine", "id")]
    [InlineData("-h|box|alpine|hostname", "alpine", "hostname")]
    [InlineData("--explain|alpine|id", "alpine", "id")]
    [InlineData("--explain|json|id", "json", "id")]
    [InlineData("--explain=json|alpine|id", "alpine", "id")]
    [InlineData("--debug|alpine|id", "alpine", "id")]
    [InlineData("--entrypoint||alpine|id", "alpine", "id")]
    [InlineData("--ulimit|core=-1|alpine|sh", "alpine", "sh")]
    [InlineData("-e|--rm=1|alpine|env", "alpine", "env")]
    [InlineData("--rm=true|alpine|id", "alpine", "id")]
    [InlineData("localhost:5000/a/b:tag@sha256:00|id", "localhost:5000/a/b:tag@sha256:00", "id")]
    [InlineData("-|id", "-", "id")]
    public void Everything_after_the_image_is_the_commands_own(string argv, string image, string command)
    {
        Cli cli = Cli.Run(["run", .. argv.Split('|')]);

        Assert.Equal("", cli.Stderr);
        Assert.Equal(42, cli.ExitCode);
        Assert.Equal(image, cli.Request!.Image);
        Assert.Equal(command.Length == 0 ? [] : command.Split('|'), cli.Request.Command);
    }

    [Theory]
    [InlineData("--rootfs|/r|/bin/sh", "/bin/sh")]
    [InlineData("--rootfs=/r|/bin/sh|-c|id", "/bin/sh|-c|id")]
    [InlineData("--rootfs|/r|--rm|ls|--rm", "ls|--rm")]
    [InlineData("--rootfs|/r|--|ls|--help", "ls|--help")]
    [InlineData("--rm|--rootfs|/r|-it|alpine|id", "alpine|id")]
    public void With_rootfs_the_first_word_is_the_command(string argv, string command)
    {
        Cli cli = Cli.Run(["run", .. argv.Split('|')]);

        Assert.Equal("", cli.Stderr);
        Assert.Null(cli.Request!.Image);
        Assert.Equal("/r", cli.Request.RootfsDir);
        Assert.Equal(command.Split('|'), cli.Request.Command);
    }

    /// <summary>argv, then what of the request has to be true.</summary>
    public static TheoryData<string, Func<RunRequest, object?>, object?> Values => new()
    {
        { "-it|i", r => (r.Interactive, r.Tty), (true, true) },
        { "-ti|i", r => (r.Interactive, r.Tty), (true, true) },
        { "--tty=false|-i|i", r => (r.Interactive, r.Tty), (true, false) },
        { "-t=false|i", r => r.Tty, false },
        { "-t|--tty=false|i", r => r.Tty, false },
        { "--rm|--init|--read-only|--trace|i", r => (r.Remove, r.Init, r.ReadOnly, r.Trace), (true, true, true, (TraceFormat?)TraceFormat.Text) },
        { "i", r => (r.Remove, r.Init, r.ReadOnly, r.Trace, r.Tty, r.Interactive), (false, false, false, (TraceFormat?)null, false, false) },
        { "--trace=json|i", r => r.Trace, TraceFormat.Json },
        { "--name|a|--name=b|i", r => r.Name, "b" },
        { "-h|box|i", r => r.Hostname, "box" },
        { "--hostname=box|i", r => r.Hostname, "box" },
        { "-e|A=1|-e|B=2|--env|A=3|i", r => string.Join(';', r.Env), "A=1;B=2;A=3" },
        { "-e|HELD|i", r => r.Env[0], "HELD=from caller" },
        { "-e|EMPTY|i", r => r.Env[0], "EMPTY=" },
        { "-e|NOT_HELD|i", r => r.Env[0], "NOT_HELD" },
        { "-e|A=|i", r => r.Env[0], "A=" },
        { "-eA==B=|i", r => r.Env[0], "A==B=" },
        { "-e|A=--name=x|i", r => r.Env[0], "A=--name=x" },
        { "-e|A=\"q\"|i", r => r.Env[0], "A=\"q\"" },
        { "-e|A= b |i", r => r.Env[0], "A= b " },
        { "-w|/x|i", r => r.Workdir, "/x" },
        { "-u|daemon:bin|i", r => r.User, "daemon:bin" },
        { "--group-add|a|--group-add|b|i", r => string.Join(',', r.GroupAdd), "a,b" },
        { "--userns|keep-id:uid=1,gid=2|i", r => r.Userns, "keep-id:uid=1,gid=2" },
        { "--uidmap|0:1:2|--uidmap|5:6:7|i", r => string.Join(' ', r.UidMaps), "0:1:2 5:6:7" },
        { "--gidmap=0:1:2|i", r => r.GidMaps[0], "0:1:2" },
        { "--network|host|i", r => r.Network, NetworkMode.Host },
        { "--net=none|i", r => r.Network, NetworkMode.None },
        { "i", r => r.Network, null },
        { "--cap-add|SYS_PTRACE|--cap-drop=ALL|i", r => r.CapAdd[0] + r.CapDrop[0], "SYS_PTRACEALL" },
        { "--security-opt|no-new-privileges|i", r => r.Security.NoNewPrivileges, true },
        { "--security-opt=seccomp=unconfined|i", r => r.Security.Seccomp, "unconfined" },
        { "--ulimit|nofile=1:2|i", r => r.Ulimits[0], new UlimitSpec("RLIMIT_NOFILE", 1, 2) },
        { "--tmpfs|/run|i", r => r.Tmpfs[0].Destination, "/run" },
        { "--mount|type=bind,src=/a,dst=/b|i", r => r.Mounts[0].Bind!.Source, "/a" },
        { "-v|/a:/b:ro|-v=./c:/d|i", r => $"{r.Volumes[0].ReadOnly} {r.Volumes[1].Source}", "True ./c" },
        { "--explain|i", r => r.Explain, ExplainFormat.Prose },
        { "--explain=strace|i", r => r.Explain, ExplainFormat.Strace },
        { "--explain=mermaid|i", r => r.Explain, ExplainFormat.Mermaid },
        { "i", r => r.Explain, null },
        { "--entrypoint||i", r => r.Entrypoint, "" },
        { "--entrypoint=|i", r => r.Entrypoint, "" },
        { "--entrypoint|/x|i", r => r.Entrypoint, "/x" },
        { "--annotation|a=b=c|i", r => r.Annotations[0].Value, "b=c" },
        { "--config|c.json", r => (r.ConfigFile, r.Image ?? "none"), ("c.json", "none") },
        { "--config|c.json|i|x", r => (r.ConfigFile, r.Image ?? "none", r.Command[0]), ("c.json", "i", "x") },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Options_reach_the_request(string argv, Func<RunRequest, object?> read, object? expected)
    {
        Cli cli = Cli.Run(["run", .. argv.Split('|')]);

        Assert.Equal("", cli.Stderr);
        Assert.Equal(expected, read(cli.Request!));
    }

    /// <summary>argv without run, then what the message has to contain.</summary>
    [Theory]
    [InlineData("", "no image is named", "csrun run alpine id")]
    [InlineData("--rm", "no image is named", "IMAGE")]
    [InlineData("--", "no image is named", "IMAGE")]
    [InlineData("|id", "name is empty", "\"\"")]
    [InlineData("--nmae|x|i", "unknown option --nmae", "close to it: --name")]
    [InlineData("--nam=x|i", "unknown option --nam", "--name")]
    [InlineData("-rm|i", "unknown option -r in -rm", "--rm")]
    [InlineData("-Q|i", "unknown option -Q", "csrun run --help")]
    [InlineData("-itQ|i", "unknown option -Q in -itQ", "no such option")]
    [InlineData("--name", "--name without its value", "NAME")]
    [InlineData("-e", "-e without its value", "KEY[=VALUE]")]
    [InlineData("-ite", "-e without its value", "KEY[=VALUE]")]
    [InlineData("--rm=perhaps|i", "--rm=perhaps", "true or false")]
    [InlineData("--explain=poem|i", "--explain=\"poem\"", "prose, strace, sh, json, mermaid")]
    [InlineData("–rm|i", "long dash", "--rm")]
    [InlineData("-w|rel|i", "--workdir \"rel\"", "--workdir \"/rel\"")]
    [InlineData("--name|a/b|i", "--name \"a/b\"", "letters")]
    [InlineData("--hostname|a b|i", "--hostname \"a b\"", "letters")]
    [InlineData("--network|pasta|i", "--network \"pasta\": not in this version yet", "--network host")]
    [InlineData("--env-file|/nonexistent/x|i", "--env-file \"/nonexistent/x\" cannot be read", "no such file")]
    [InlineData("--annotation|x|i", "--annotation \"x\"", "KEY=VALUE")]
    [InlineData("--user||i", "--user \"\"", "empty")]
    [InlineData("--log-format|xml|i", "--log-format \"xml\"", "text or json")]
    [InlineData("--memory|x|i", "--memory \"x\"", "unit")]
    [InlineData("--memory-swap|128m|i", "--memory-swap \"128m\"", "--memory is not given")]
    [InlineData("-m|64m|--memory-swap|32m|i", "--memory-swap \"32m\"", "below --memory 64m")]
    [InlineData("--cpus|0|i", "--cpus \"0\"", "at least 0.01")]
    [InlineData("--cpus|1|--cpu-quota|5|i", "--cpus \"1\"", "quota and a period")]
    [InlineData("--blkio-weight|5|i", "--blkio-weight \"5\"", "10 to 1000")]
    [InlineData("-p|80:80|i", "-p is not in this version yet", "--network host")]
    [InlineData("--publish=80:80|i", "--publish is not in this version yet", "--network host")]
    [InlineData("--sysctl|a=b|i", "--sysctl is not in this version yet", "kernel parameters")]
    [InlineData("--device|/dev/x|i", "--device is not in this version yet", "-v /dev/NAME")]
    [InlineData("--privileged|i", "--privileged is not in this version yet", "--cap-add ALL")]
    public void Mistakes_are_named_with_exit_code_125(string argv, string what, string more)
    {
        Cli cli = Cli.Run(["run", .. argv.Length == 0 ? [] : argv.Split('|')]);

        Assert.Equal(125, cli.ExitCode);
        Assert.Null(cli.Request);
        Assert.Equal("", cli.Stdout);
        string[] lines = cli.Stderr.Split('\n');
        Assert.StartsWith("csrun: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(what, lines[0], StringComparison.Ordinal);
        Assert.StartsWith("  why: ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("  fix: ", lines[2], StringComparison.Ordinal);
        Assert.Contains(more, cli.Stderr, StringComparison.Ordinal);
    }
}
