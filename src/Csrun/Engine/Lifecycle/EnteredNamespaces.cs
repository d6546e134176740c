using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>Which namespaces a further process has to enter: those of the container that are not csrun's own.</summary>
/// <remarks>A container may have been put into namespaces that csrun is in, too (rootless podman's user namespace); setns(2) into
/// one's own user namespace is an error.</remarks>
internal static class EnteredNamespaces
{
    /// <summary>The configuration without the namespaces that csrun is in, and the others as if they were new: setns takes them from the process.</summary>
    /// <param name="spec">What the container was made with.</param>
    /// <param name="process">A process in it.</param>
    internal static Spec Of(Spec spec, SafeFd process)
    {
        if (spec.Linux is not { } linux || linux.Namespaces.All(n => n.Path is null))
        {
            return spec;
        }

        int pid = ProcessIdentity.PidOf(process);
        return spec with
        {
            Linux = linux with
            {
                Namespaces = [.. linux.Namespaces.Where(n => n.Path is null || !IsOwn(pid, n.Type)).Select(n => n with { Path = null })],
            },
        };
    }

    /// <summary>The root of a container without a mount namespace of its own, which no namespace leads to; null for others.</summary>
    /// <param name="spec">What the container was made with.</param>
    /// <param name="process">A process in it.</param>
    /// <exception cref="CsrunException">It cannot be opened, or the process has ended.</exception>
    internal static SafeFd? Root(Spec spec, SafeFd process)
    {
        if (spec.Linux?.Namespaces.Any(n => n is { Type: "mount", Path: null }) != false)
        {
            return null;
        }

        string path = $"/proc/{ProcessIdentity.PidOf(process)}/root";
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (!opened.Ok)
        {
            throw new CsrunException($"open \"{path}\": {opened.Errno} ({opened.Errno.Describe()})", "the container has no mount namespace of its own, so its root is found through its process", "run csrun exec as root");
        }

        // Process IDs are used again: a process that can be signalled after its path was opened had that path.
        SafeFd root = new(opened.Int);
        if (!Sys.PidfdSendSignal(process, 0).Ok)
        {
            root.Dispose();
            throw new CsrunException("the container has ended", "its process went while its root was looked up", "csrun list");
        }

        return root;
    }

    private static bool IsOwn(int pid, string type)
    {
        string name = type switch { "network" => "net", "mount" => "mnt", _ => type };
        return Sys.StatxFollowing($"/proc/{pid}/ns/{name}", out FileStat theirs).Ok && Sys.StatxFollowing($"/proc/self/ns/{name}", out FileStat ours).Ok && theirs.ino == ours.ino;
    }
}
