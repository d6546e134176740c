using Csrun.Linux.Abi;

namespace Csrun.Linux.Tests;

public sealed class PathDiagnosisTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("csrun-path-").FullName;

    [Fact]
    public void The_first_part_that_is_missing_is_named() =>
        Assert.Equal($"\"{_directory}/a/b\" does not exist: there is no \"{_directory}/a\"", Why("a/b", Errno.ENOENT));

    [Fact]
    public void A_link_to_nothing_and_a_loop_are_told_apart()
    {
        File.CreateSymbolicLink($"{_directory}/lost", "nowhere");
        File.CreateSymbolicLink($"{_directory}/loop", "loop");
        Assert.Equal($"\"{_directory}/lost\" is a symbolic link to \"nowhere\", which does not exist", Why("lost/below", Errno.ENOENT));
        Assert.Equal($"\"{_directory}/loop\" is a symbolic link to \"loop\", and following it comes to no end", Why("loop", Errno.ELOOP));
    }

    [Fact]
    public void A_file_on_the_way_is_named()
    {
        File.WriteAllText($"{_directory}/file", "");
        Assert.Equal($"\"{_directory}/file\" is a file, not a directory", Why("file/below", Errno.ENOTDIR));
        Assert.Equal($"\"{_directory}/file\" is a file, not a directory", Why("file", Errno.ENOTDIR));
    }

    [Fact]
    public void What_has_changed_since_is_not_explained()
    {
        Directory.CreateDirectory($"{_directory}/there");
        Assert.Null(Why("there", Errno.ENOENT));
        Assert.Null(Why("there", Errno.ELOOP));
    }

    [Fact]
    public void Who_may_make_nothing_in_a_directory_reads_whose_it_is() =>
        Assert.StartsWith($"\"{_directory}\" belongs to user ", PathDiagnosis.ExplainMaking($"{_directory}/new", Errno.EACCES)?.Why, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string? Why(string path, Errno errno) => PathDiagnosis.Explain($"{_directory}/{path}", errno)?.Why;
}
