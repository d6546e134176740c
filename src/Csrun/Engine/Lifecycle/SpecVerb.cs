using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Specs;
using Csrun.Runtime.Cgroups;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun spec</c>.</summary>
internal static class SpecVerb
{
    private const string Name = "config.json";

    /// <summary>Writes a configuration to start from.</summary>
    /// <param name="bundle">The directory that it is written in.</param>
    /// <param name="rootless">Whether an ordinary user is to run it.</param>
    internal static int Run(string bundle, bool rootless)
    {
        string path = Path.Combine(bundle, Name);
        bool unified = CgroupProbe.Layout().Mode == CgroupMode.Unified;
        byte[] json = SpecWriter.Write(rootless ? StarterSpec.Rootless(Sys.Geteuid(), Sys.Getegid(), unified) : StarterSpec.ForRoot(unified));
        SysResult made = Sys.Openat2(null, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x1b6);
        if (made.Errno == Errno.EEXIST)
        {
            // runc's words, which people search for.
            throw new CsrunException($"File {Name} exists. Remove it first", $"\"{Path.GetFullPath(path)}\" is there already, and csrun replaces no configuration", $"rm '{Path.GetFullPath(path)}', or another directory: csrun spec --bundle DIR");
        }

        using SafeFd fd = made.FdOrThrow("openat2", path, made.Errno switch
        {
            Errno.ENOENT or Errno.ENOTDIR => $"\"{bundle}\" is not a directory",
            Errno.EACCES => $"the caller may make no file in \"{bundle}\"",
            Errno.EROFS => $"\"{bundle}\" is on a read-only file system",
            _ => null,
        }, made.Errno == Errno.ENOENT ? $"mkdir -p '{bundle}'" : "csrun spec --bundle DIR, with a directory where you may write");
        try
        {
            for (int done = 0; done < json.Length;)
            {
                done += (int)Sys.Write(fd, json.AsSpan(done)).OrThrow("write", path);
            }
        }
        catch (CsrunException)
        {
            Sys.Unlinkat(null, path, directory: false);
            throw;
        }

        return 0;
    }
}
