using System.Globalization;
using Csrun.Linux;
using Csrun.Oci;

namespace Csrun.Engine.Lifecycle;

/// <summary>HOME of a process whose configuration has none: Docker and containerd leave it to the runtime, as runc and crun do it.</summary>
internal static class HomeVariable
{
    private const string Prefix = "HOME=";

    /// <summary>The configuration with HOME: from the root file system's own passwd file by the process's user, / where that has none.</summary>
    /// <param name="spec">The configuration.</param>
    /// <param name="root">The root file system as csrun sees it.</param>
    internal static Spec Set(Spec spec, string root)
    {
        if (spec.Process is not { } process || process.Env.Any(entry => entry.Length > Prefix.Length && entry.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            return spec;
        }

        return spec with { Process = process with { Env = [.. process.Env.Where(entry => entry != Prefix), Prefix + Find(root, process.User.Uid)] } };
    }

    private static string Find(string root, uint uid)
    {
        try
        {
            return AccountFiles.Home(root, uid.ToString(CultureInfo.InvariantCulture));
        }
        catch (CsrunException)
        {
            // A passwd file that cannot be read, or is none, keeps nobody from running: only -u is looked up in it for sure.
            return "/";
        }
    }
}
