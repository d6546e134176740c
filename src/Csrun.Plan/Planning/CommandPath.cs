using System.Collections.Immutable;
using Csrun.Oci;

namespace Csrun.Plan.Planning;

/// <summary>Where the command may be: as execvp(3) looks for it, in the container's PATH.</summary>
internal static class CommandPath
{
    private const string Default = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static ImmutableArray<string> Candidates(Process process) => Candidates(process.Args, process.Env);

    public static ImmutableArray<string> Candidates(IReadOnlyList<string> args, IReadOnlyList<string> env)
    {
        string command = args.Count > 0 ? args[0] : "";
        if (command.Length == 0)
        {
            throw new Linux.CsrunException("the command is empty", "the first word after the image is the command's name", "csrun run IMAGE COMMAND", 127);
        }

        if (command.Contains('/', StringComparison.Ordinal))
        {
            return [command];
        }

        string path = Default;
        foreach (string entry in env)
        {
            if (entry.StartsWith("PATH=", StringComparison.Ordinal))
            {
                path = entry[5..];
            }
        }

        ImmutableArray<string>.Builder candidates = ImmutableArray.CreateBuilder<string>();
        foreach (string directory in path.Split(':'))
        {
            candidates.Add(directory.Length == 0 ? $"./{command}" : $"{directory.TrimEnd('/')}/{command}");
        }

        return candidates.ToImmutable();
    }
}
