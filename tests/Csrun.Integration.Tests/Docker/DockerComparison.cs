using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests.Docker;

/// <summary>Asks a real Docker and csrun the same, and compares what both answer.</summary>
/// <param name="sandbox">The class's world.</param>
/// <param name="docker">The daemon.</param>
public abstract class DockerComparison(Sandbox sandbox, DockerDaemon docker) : IntegrationTest(sandbox)
{
    /// <summary>IDs as numbers and names.</summary>
    protected const string Id = "id";

    /// <summary>The maps.</summary>
    protected const string Maps = "cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups";

    /// <summary>Owners and modes in the volume, seen from inside.</summary>
    protected const string Owners = "touch /v/new; mkdir /v/dir; stat -c '%u:%g %a %n' /v /v/host /v/new /v/dir";

    /// <summary>What the process may do.</summary>
    protected const string Rights = "grep -E '^(Cap|Seccomp:|NoNewPrivs|Uid|Gid|Groups|Umask|SigIgn|SigBlk)' /proc/self/status";

    /// <summary>The nodes in /dev with types, modes, owners and numbers, and where the links lead to. Left out: the link core, which runc
    /// makes only where the host has a /proc/kcore, csrun always.</summary>
    protected const string Devices = "cd /dev; for f in $(find . ! -name core | sort); do stat -c '%n %A %u:%g %t,%T' $f; readlink $f; done";

    /// <summary>What the two print, exit with, and leave in the volume on the host.</summary>
    /// <param name="script">A shell's words; it may not have a single quote outside of a <c>'...'</c> of its own.</param>
    /// <param name="options">Options of both.</param>
    /// <param name="onlyDocker">Options of Docker alone.</param>
    /// <param name="onlyCsrun">Options of csrun alone.</param>
    protected (string Docker, string Csrun) Ask(string script, string[] options, string[]? onlyDocker = null, string[]? onlyCsrun = null) => (
        Ask(script, $"{DockerDaemon.Client} -H unix://{docker.Socket}", [.. onlyDocker ?? [], .. options]),
        Ask(script, "$CSRUN", [.. onlyCsrun ?? [], .. options]));

    private string Ask(string script, string engine, string[] options)
    {
        string place = Sandbox.Directory(docker.Identity, "place");
        string words = string.Join(' ', options.Select(Quoted));
        return Sandbox.Shell(docker.Identity, $"""
            cd {place}; mkdir v; chmod 0777 v; echo x >v/host
            {engine} run --rm --network none --hostname h {words} -v "$PWD/v:/v" alpine {(script.StartsWith('/') ? script : "sh -c " + Quoted(script))} 2>err
            code=$?; echo exit $code
            case $code in 12[567]) ;; *) cat err ;; esac # a container's own messages, not the engines'
            stat -c '%u:%g %a %n' v/*
            """).Succeeded().Stdout;
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
