using Csrun.Linux;
using Csrun.Plan.Requests;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>What the command line can say and csrun cannot do yet: refused by name, never ignored.</summary>
internal static class NotYet
{
    /// <summary>Refuses, or says what has no effect here.</summary>
    internal static void Check(RunRequest request)
    {
        foreach (VolumeSpec volume in request.Volumes)
        {
            if (volume.Chown)
            {
                throw new CsrunException(
                    $"volume \"{volume.Destination}\": the option U is not in this version yet",
                    "changing the owner of the host's files comes with a later version of csrun",
                    "leave U out: with --userns keep-id the files stay yours on both sides");
            }

            // selinuxfs is mounted where the kernel has SELinux active.
            if (volume.Relabel is not null && volume.SelinuxNote(Sys.Statx(null, "/sys/fs/selinux/enforce", out _).Ok) is { } note)
            {
                Notes.Write(note);
            }
        }
    }
}
