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

    private static bool IsOwn(int pid, string type)
    {
        string name = type switch { "network" => "net", "mount" => "mnt", _ => type };
        return Sys.StatxFollowing($"/proc/{pid}/ns/{name}", out FileStat theirs).Ok && Sys.StatxFollowing($"/proc/self/ns/{name}", out FileStat ours).Ok && theirs.ino == ours.ino;
    }
}
