namespace Csrun.Labs.Running;

/// <summary>What labs left that were killed before they could clean up: containers, mounts, files.</summary>
/// <remarks>Their services end with them, by PR_SET_PDEATHSIG (<see cref="LabStepRunner"/>), their shells by the end of what they read.</remarks>
internal static class LabLeftOvers
{
    /// <summary>Removes them.</summary>
    /// <param name="workplace">Who can become whom.</param>
    /// <returns>A line for each directory that was removed, and a line for each thing that could not be.</returns>
    internal static (List<string> Removed, List<string> Left) Remove(LabWorkplace workplace)
    {
        List<string> removed = [], left = [];
        foreach (LabDirectory directory in LabDirectory.Abandoned())
        {
            RemoveContainers(workplace, workplace.Caller, $"{directory.Path}/{LabWorkplace.CallersState}");
            RemoveContainers(workplace, workplace.CandidateUser, $"{directory.Path}/{LabWorkplace.UsersState}");
            List<string> here = LabMounts.Detach(directory.Path);
            if (here.Count == 0 && workplace.RemoveTree(directory.Path) is { } why)
            {
                here.Add($"{directory.Path}: {why}");
            }

            if (here.Count == 0)
            {
                removed.Add(directory.Path);
            }

            left.AddRange(here);
        }

        return (removed, left);
    }

    private static void RemoveContainers(LabWorkplace workplace, LabAccount? account, string state)
    {
        if (account is null || !Directory.Exists(state))
        {
            return;
        }

        string root = $"CSRUN_ROOT={state}";
        (string path, List<string> args, List<string> env) = workplace.Line(account, [root, "csrun", "ps", "-aq"]);
        (int exitCode, string ids) = LabProcess.Run(path, args, env);
        string[] words = ids.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (exitCode == 0 && words.Length != 0)
        {
            (path, args, env) = workplace.Line(account, [root, "csrun", "rm", "-f", .. words]);
            LabProcess.Run(path, args, env);
        }
    }
}
