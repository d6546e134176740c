using System.Text;

namespace Csrun.Linux.Accounts;

/// <summary>nsswitch.conf(5), so far as csrun asks it: where subordinate IDs come from.</summary>
public static class NameServiceSwitch
{
    /// <summary>Where the file lies.</summary>
    public const string DefaultPath = "/etc/nsswitch.conf";

    /// <summary>The source on the <c>subid:</c> line, <c>files</c> when there is no such line.</summary>
    /// <remarks>shadow takes the first word of the line and ignores the rest; a source other than <c>files</c> is a
    /// plug-in of libsubid (libsubid_NAME.so), such as <c>sss</c>.</remarks>
    public static string SubIdSource(ReadOnlySpan<byte> content)
    {
        AccountLines lines = new(content, DefaultPath);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Current.TrimStart(" \t"u8);
            if (line.Length < 6 || !Ascii.EqualsIgnoreCase(line[..6], "subid:"u8))
            {
                continue;
            }

            ReadOnlySpan<byte> sources = line[6..].Trim(" \t"u8);
            int end = sources.IndexOfAny(" \t#"u8);
            string source = Encoding.UTF8.GetString(end < 0 ? sources : sources[..end]);
            return source.Length == 0 ? "files" : source;
        }

        return "files";
    }
}
