using Csrun.Linux;

namespace Csrun.Commands;

/// <summary><c>csrun man DIR</c>: writes the manual pages, for <c>make install</c>.</summary>
internal sealed class ManCommand : Verb
{
    internal override string Name => "man";

    internal override string Summary => "write the manual pages";

    internal override string Synopsis => "DIR";

    internal override string Description =>
        """
        Writes csrun.1 and one page for each verb into DIR, which has to exist.
        """;

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        string directory = invocation.Words[0];
        foreach ((string file, string page) in ManPage.All(VerbTable.All()))
        {
            string path = Path.Combine(directory, file);
            try
            {
                File.WriteAllText(path, page);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new CsrunException($"man: \"{path}\" cannot be written", e is DirectoryNotFoundException ? "the directory does not exist" : e.Message, $"mkdir -p \"{directory}\"", inner: e);
            }
        }

        return 0;
    }
}
