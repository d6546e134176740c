namespace Csrun.Linux.IdMaps.Notations;

/// <summary>A line of a user namespace's map as LXC's configuration writes it: <c>u 0 100000 65536</c>.</summary>
/// <remarks>lxc.container.conf(5), "lxc.idmap": u or g (b: both, as lxc-usernsexec(1) has it), container ID, host ID, how many.</remarks>
public static class LxcMapNotation
{
    /// <summary>Reads the value of lxc.idmap.</summary>
    /// <param name="text">The value.</param>
    /// <param name="mistakes">Takes every mistake.</param>
    /// <param name="users">Whether the line is for users.</param>
    /// <param name="groups">Whether the line is for groups.</param>
    /// <param name="mapping">The mapping.</param>
    /// <returns>Whether the line is right.</returns>
    public static bool TryParse(string text, List<string> mistakes, out bool users, out bool groups, out IdMapping mapping)
    {
        string[] fields = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        (users, groups, mapping) = (false, false, default);
        if (fields.Length != 4 || fields[0] is not ("u" or "g" or "b"))
        {
            mistakes.Add(fields.Length == 4
                ? $"\"{text}\" starts with \"{fields[0]}\": the types are u (users) and g (groups)"
                : $"\"{text}\" is not of the form \"u CONTAINER HOST COUNT\"");
            return false;
        }

        (users, groups) = (fields[0] is "u" or "b", fields[0] is "g" or "b");
        return TripleReader.TryRead(text, fields.AsSpan(1), "container ID", "host ID", mistakes, out mapping);
    }
}
