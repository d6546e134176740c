using Csrun.Commands;
using Csrun.Oci;

namespace Csrun.Terminal;

/// <summary>What a configuration has and csrun leaves out, where the runtime-spec wants it so and a warning of it (runtime.md, "Warnings").</summary>
internal static class Warnings
{
    /// <summary>Writes them to the log, or where there is none, for people.</summary>
    /// <remarks>Only what is ignored: engines write ambient sets that take no effect into every configuration, and read the log when
    /// something fails.</remarks>
    /// <param name="warnings">What the reader and the checks found odd.</param>
    /// <param name="options">Where the log is and in which form.</param>
    internal static void Write(IReadOnlyList<ConfigMistake> warnings, GlobalOptions options)
    {
        List<string> ignored = [];
        foreach (ConfigMistake warning in warnings)
        {
            if (warning.IsIgnored)
            {
                ignored.Add(warning.ToString());
            }
        }

        if (ignored.Count == 0)
        {
            return;
        }

        if (options.LogFile is null)
        {
            Notes.Write(ignored);
            return;
        }

        foreach (string line in ignored)
        {
            ErrorReport.Log(options.LogFile, options.JsonLog ? ErrorReport.JsonLine("warning", line) : $"csrun: warning: {Printable.Of(line)}\n");
        }
    }
}
