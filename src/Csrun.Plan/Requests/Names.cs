using Csrun.Linux;

namespace Csrun.Plan.Requests;

/// <summary>The rules for names that the user gives.</summary>
public static class Names
{
    /// <summary>A container's name: letters, digits, and after the first also <c>_ . -</c>. It becomes a file name, so nothing else may be in it.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="CsrunException">The name is empty, too long, or has another character.</exception>
    public static string Container(string name)
    {
        if (name.Length is 0 or > 128)
        {
            throw OptionValue.Wrong("--name", name, "a name has 1 to 128 characters", "--name my-container");
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(name[i]) && (i == 0 || name[i] is not ('_' or '.' or '-')))
            {
                throw OptionValue.Wrong("--name", name, "a name starts with a letter or digit and goes on with letters, digits, _ . and -", "--name my-container");
            }
        }

        return name;
    }

    /// <summary>A host name: what sethostname(2) takes, 1 to 64 bytes, of the characters of RFC 1123 and the underscore.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="CsrunException">The name is empty, too long, or has another character.</exception>
    public static string Host(string name)
    {
        if (name.Length is 0 or > 64)
        {
            throw OptionValue.Wrong("--hostname", name, $"a host name has 1 to 64 characters, this one {name.Length}", "--hostname box");
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                throw OptionValue.Wrong("--hostname", name, "a host name has letters, digits, dots and hyphens", "--hostname box");
            }
        }

        return name[0] is not ('-' or '.') ? name : throw OptionValue.Wrong("--hostname", name, "a host name starts with a letter or digit", "--hostname box");
    }
}
