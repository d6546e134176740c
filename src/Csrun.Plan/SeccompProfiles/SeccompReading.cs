using Csrun.Linux;
using Csrun.Linux.Seccomp;
using Csrun.Oci;

namespace Csrun.Plan.SeccompProfiles;

/// <summary>A seccomp profile as it was read, with everything that is wrong with it.</summary>
/// <param name="Profile">The profile; null when there are mistakes.</param>
/// <param name="Mistakes">What is wrong, in document order; empty for a usable profile.</param>
public sealed record SeccompReading(SeccompProfile? Profile, IReadOnlyList<ConfigMistake> Mistakes)
{
    /// <summary>The profile, or all mistakes in one message.</summary>
    /// <param name="source">Where the profile comes from, such as the file's name.</param>
    /// <exception cref="CsrunException">There are mistakes.</exception>
    public SeccompProfile OrThrow(string source)
    {
        if (Profile is not null)
        {
            return Profile;
        }

        throw new CsrunException(
            $"seccomp profile \"{source}\": {Mistakes.Count} {(Mistakes.Count == 1 ? "mistake" : "mistakes")}",
            string.Join('\n', Mistakes),
            "correct the file, or csrun run --security-opt seccomp=unconfined ...");
    }
}
