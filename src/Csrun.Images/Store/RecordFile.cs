using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Csrun.Linux;

namespace Csrun.Images.Store;

/// <summary>The file form of an <see cref="ImageRecord"/>: a keyword and a value a line, for a launch to read in microseconds.</summary>
/// <remarks>docs/design/store.md. Backslash and line end are escaped; unknown keywords are left for newer versions.</remarks>
internal static class RecordFile
{
    private const string Version = "csrun-image 1";

    internal static byte[] Format(ImageRecord record)
    {
        StringBuilder text = new(Version);
        text.Append('\n');
        Add(text, "name", record.Name.Repository);
        Add(text, "tag", record.Name.Tag);
        Add(text, "digest", record.Digest.ToString());
        Add(text, "size", record.Size.ToString(CultureInfo.InvariantCulture));
        Add(text, "created", record.Created.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Add(text, "source", record.Source);
        AddAll(text, "env", record.Config.Env);
        AddAll(text, "entrypoint", record.Config.Entrypoint);
        AddAll(text, "cmd", record.Config.Cmd);
        if (record.Config.User is { } user)
        {
            Add(text, "user", user);
        }

        if (record.Config.WorkingDir is { } directory)
        {
            Add(text, "workdir", directory);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    internal static ImageRecord Parse(ReadOnlySpan<byte> file, string path)
    {
        string? name = null, tag = null, source = null, user = null, directory = null;
        Digest? digest = null;
        long size = -1, created = 0;
        List<string> env = [], entrypoint = [], cmd = [];
        bool first = true;
        while (!file.IsEmpty)
        {
            int end = file.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? throw Corrupt(path, "it ends inside a line") : file[..end];
            file = file[(end + 1)..];
            if (first)
            {
                first = false;
                if (!line.SequenceEqual("csrun-image 1"u8))
                {
                    throw Corrupt(path, "its first line is not \"csrun-image 1\"");
                }

                continue;
            }

            int space = line.IndexOf((byte)' ');
            ReadOnlySpan<byte> key = space < 0 ? line : line[..space];
            string value = space < 0 ? "" : Unescape(line[(space + 1)..]);
            if (key.SequenceEqual("name"u8))
            {
                name = value;
            }
            else if (key.SequenceEqual("tag"u8))
            {
                tag = value;
            }
            else if (key.SequenceEqual("digest"u8))
            {
                digest = Digest.TryParse(value, out Digest parsed) ? parsed : throw Corrupt(path, "its digest is none");
            }
            else if (key.SequenceEqual("size"u8))
            {
                _ = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out size) ? true : throw Corrupt(path, "its size is no number");
            }
            else if (key.SequenceEqual("created"u8))
            {
                _ = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out created) && created < 253402300800 ? true : throw Corrupt(path, "its time is none");
            }
            else if (key.SequenceEqual("source"u8))
            {
                source = value;
            }
            else if (key.SequenceEqual("env"u8))
            {
                env.Add(value);
            }
            else if (key.SequenceEqual("entrypoint"u8))
            {
                entrypoint.Add(value);
            }
            else if (key.SequenceEqual("cmd"u8))
            {
                cmd.Add(value);
            }
            else if (key.SequenceEqual("user"u8))
            {
                user = value;
            }
            else if (key.SequenceEqual("workdir"u8))
            {
                directory = value;
            }
        }

        if (name is null || tag is null || digest is null || source is null || size < 0)
        {
            throw Corrupt(path, "it lacks one of name, tag, digest, size and source");
        }

        return new ImageRecord
        {
            Name = new ImageName(name, tag),
            Digest = digest.Value,
            Source = source,
            Size = size,
            Created = DateTimeOffset.FromUnixTimeSeconds(created),
            Config = new ImageConfig
            {
                Env = [.. env],
                Entrypoint = [.. entrypoint],
                Cmd = [.. cmd],
                User = user,
                WorkingDir = directory,
            },
        };
    }

    private static void AddAll(StringBuilder text, string key, ImmutableArray<string> values)
    {
        foreach (string value in values)
        {
            Add(text, key, value);
        }
    }

    private static void Add(StringBuilder text, string key, string value) =>
        text.Append(key).Append(' ').Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');

    private static string Unescape(ReadOnlySpan<byte> value)
    {
        string text = Encoding.UTF8.GetString(value);
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool escaped = text[i] == '\\' && i + 1 < text.Length;
            plain.Append(escaped ? (text[++i] == 'n' ? '\n' : text[i]) : text[i]);
        }

        return plain.ToString();
    }

    private static CsrunException Corrupt(string path, string why) => new($"the image record \"{path}\" is corrupt", why, $"rm '{path}'");
}
