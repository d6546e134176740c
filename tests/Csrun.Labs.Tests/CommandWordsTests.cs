using Csrun.Labs.Model;
using Csrun.Labs.Running;

namespace Csrun.Labs.Tests;

/// <summary>What a lab declares as a command line, and what is run.</summary>
public sealed class CommandWordsTests
{
    private static readonly LabVariables s_variables = new() { ["DIR"] = "/x y", ["N"] = "100000", ["M"] = "35" };

    [Theory]
    [InlineData("ls -l  a", "ls|-l|a")]
    [InlineData("stat -c '%u %g' f", "stat|-c|%u %g|f")]
    [InlineData("sh -c 'echo $DIR $$'", "sh|-c|echo $DIR $$")]
    [InlineData("sh -c \"echo $N\"", "sh|-c|echo 100000")]
    [InlineData("ls $DIR", "ls|/x y")]
    [InlineData("a=$N''b", "a=100000b")]
    [InlineData("echo ''", "echo|")]
    [InlineData("${N+42} ${N-1} ${N} ${N+$M}", "100042|99999|100000|100035")]
    public void It_parts_a_command(string command, string words) => Assert.Equal(words, string.Join('|', CommandWords.Split(command, s_variables)));

    [Theory]
    [InlineData("echo 'open")]
    [InlineData("echo $NOTHING")]
    [InlineData("echo ${DIR+1}")]
    [InlineData("echo ${N+1")]
    public void A_mistake_in_a_declaration_is_refused(string command) => Assert.Throws<FormatException>(() => CommandWords.Split(command, s_variables));

    [Fact]
    public void It_is_shown_as_one_would_type_it() =>
        Assert.Equal("a-b '%u %g' '' 'it'\\''s'", CommandWords.Join(["a-b", "%u %g", "", "it's"]));

    [Fact]
    public void What_a_shell_replaces_is_left_to_it() => Assert.Equal("echo $$ $? $1 100000", s_variables.Expand("echo $$ $? $1 $N"));
}
