namespace Csrun.Engine;

/// <summary>The caller's environment, to be passed on as it is.</summary>
internal static class EnvironmentBlock
{
    /// <summary>Each variable as <c>NAME=VALUE</c>.</summary>
    internal static List<string> Read()
    {
        List<string> env = [];
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            env.Add($"{entry.Key}={entry.Value}");
        }

        return env;
    }
}
