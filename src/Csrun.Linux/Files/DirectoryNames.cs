using System.Buffers.Binary;
using System.Text;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Files;

/// <summary>The names in a directory, by descriptor.</summary>
public static class DirectoryNames
{
    /// <summary>All names but . and .. that are UTF-8; empty when the directory cannot be read.</summary>
    public static IReadOnlyList<string> Of(SafeFd directory) => Of(directory, out _);

    /// <summary>All names but . and .. that are UTF-8.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="others">How many names are not.</param>
    public static IReadOnlyList<string> Of(SafeFd directory, out int others)
    {
        others = 0;
        List<string> names = [];
        byte[] buffer = new byte[4096];
        Sys.Lseek(directory, 0, 0);
        int length;
        while ((length = Math.Max(0, Sys.Getdents64(directory, buffer).Int)) > 0)
        {
            for (int at = 0; at < length;)
            {
                // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
                int record = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                ReadOnlySpan<byte> name = buffer.AsSpan((at + 19)..(at + record));
                name = name[..name.IndexOf((byte)0)];
                at += record;
                if (name is [(byte)'.'] or [(byte)'.', (byte)'.'])
                {
                    continue;
                }

                if (System.Text.Unicode.Utf8.IsValid(name))
                {
                    names.Add(Encoding.UTF8.GetString(name));
                }
                else
                {
                    others++;
                }
            }
        }

        return names;
    }
}
