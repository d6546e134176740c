namespace Csrun.Plan.Requests;

/// <summary>Where in the container something is mounted: absolute, without <c>..</c>, not the root itself.</summary>
/// <remarks>Only the text is judged here. Links in the image are resolved later, in the child, with openat2(RESOLVE_IN_ROOT).</remarks>
internal static class ContainerPath
{
    /// <summary>The path without double slashes, <c>.</c> and a slash at the end.</summary>
    /// <exception cref="Csrun.Linux.CsrunException">It is empty, relative, has a <c>..</c>, or is the root.</exception>
    internal static string Parse(string option, string whole, string path)
    {
        if (path.Length == 0)
        {
            throw OptionValue.Wrong(option, whole, "the path in the container is missing");
        }

        if (path[0] != '/')
        {
            throw OptionValue.Wrong(option, whole, $"the path in the container, \"{path}\", is not absolute", $"write \"/{path}\"");
        }

        List<string> parts = [];
        foreach (string part in path.Split('/'))
        {
            if (part == "..")
            {
                throw OptionValue.Wrong(option, whole, $"the path in the container, \"{path}\", contains \"..\"", "write the path without \"..\"");
            }

            if (part.Length != 0 && part != ".")
            {
                parts.Add(part);
            }
        }

        if (parts.Count == 0)
        {
            throw OptionValue.Wrong(option, whole, "nothing can be mounted over the container's root", "choose a directory below /, or run a directory as the root with --rootfs DIR");
        }

        return "/" + string.Join('/', parts);
    }
}
