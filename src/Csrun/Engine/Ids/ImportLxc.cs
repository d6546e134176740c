using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan.Lxc;
using Csrun.Terminal;

namespace Csrun.Engine.Ids;

/// <summary><c>csrun idmap import-lxc</c>.</summary>
internal static class ImportLxc
{
    internal static int Run(string file, string? output)
    {
        string text = Decode(file, NamedFile.Read($"\"{file}\"", file));
        LxcImport import = LxcImport.Convert(LxcConfigFile.Read(file, text, Include), path => Sys.StatxFollowing(path, out _).Ok);
        if (import.Mistakes.Count != 0)
        {
            throw new CsrunException(
                $"{file}: {import.Mistakes.Count} mistake{(import.Mistakes.Count == 1 ? "" : "s")}\n{string.Join('\n', import.Mistakes)}",
                null,
                "correct them; lxc.container.conf(5) says what is valid");
        }

        byte[] json = SpecWriter.Write(import.Spec);
        if (output is null)
        {
            FdWriter.Stdout.Write(Encoding.UTF8.GetString(json));
            FdWriter.Stdout.Flush();
        }
        else
        {
            SavedFile.Write(output, json, replace: true, "--output");
        }

        Notes.Write([.. import.LeftOut.Select(l => $"left out: {l}")]);
        return 0;
    }

    private static string Decode(string file, byte[] content)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (ArgumentException)
        {
            throw new CsrunException($"{file} is no text", "it holds bytes that are not UTF-8", "file '" + file + "'");
        }
    }

    // A directory stands for its *.conf files, in their names' order.
    private static IReadOnlyList<(string File, string? Text)>? Include(string path)
    {
        SysResult opened = Sys.Openat2(null, path, OpenFlags.O_RDONLY);
        if (!opened.Ok)
        {
            return opened.Errno is Errno.ENOENT or Errno.ENOTDIR ? null : [(path, null)];
        }

        using SafeFd fd = new(opened.Int);
        if (!Sys.Statx(fd, "", out FileStat stat).Ok || !stat.IsDirectory)
        {
            return [(path, Decode(path, NamedFile.Read($"lxc.include \"{path}\"", path)))];
        }

        List<string> names = [.. DirectoryNames.Of(fd).Where(n => n.EndsWith(".conf", StringComparison.Ordinal))];
        names.Sort(StringComparer.Ordinal);
        return [.. names.Select(n => ($"{path}/{n}", (string?)Decode($"{path}/{n}", NamedFile.Read($"lxc.include \"{path}/{n}\"", $"{path}/{n}"))))];
    }
}
