using Csrun.Linux;
using Csrun.Oci;
using Csrun.Plan.Requests;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>What the command line can say and csrun cannot do yet: refused by name, never ignored.</summary>
internal static class NotYet
{
    /// <summary>Refuses, or says what has no effect here.</summary>
    internal static void Check(RunRequest request)
    {
        if (request.Security.AppArmor is { } profile)
        {
            ConfigFeatures.CheckProcess($"--security-opt apparmor={profile}", new Process { ApparmorProfile = profile });
        }

        foreach (VolumeSpec volume in request.Volumes)
        {
            // selinuxfs is mounted where the kernel has SELinux active.
            if (volume.Relabel is not null && volume.SelinuxNote(Sys.Statx(null, "/sys/fs/selinux/enforce", out _).Ok) is { } note)
            {
                Notes.Write(note);
            }
        }
    }
}
