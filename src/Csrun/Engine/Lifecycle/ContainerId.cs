using Csrun.Linux;

namespace Csrun.Engine.Lifecycle;

/// <summary>The ID that an engine gives a container: it becomes a directory's name.</summary>
internal static class ContainerId
{
    private const int Longest = 255; // NAME_MAX

    /// <summary>Checks it: letters, digits, and _ + - . as in runc.</summary>
    /// <exception cref="CsrunException">It is none.</exception>
    internal static void Check(string id)
    {
        if (!IsValid(id))
        {
            throw new CsrunException($"\"{id}\" is not a container ID: invalid id format", $"an ID is 1 to {Longest} letters, digits, and _ + - . (it names a directory)", "csrun create --bundle DIR my-container");
        }
    }

    /// <summary>Whether it is one.</summary>
    internal static bool IsValid(string id)
    {
        bool valid = id.Length is > 0 and <= Longest && id is not ("." or "..");
        foreach (char c in id)
        {
            valid &= char.IsAsciiLetterOrDigit(c) || c is '_' or '+' or '-' or '.';
        }

        return valid;
    }
}
