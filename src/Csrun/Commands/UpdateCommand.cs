using Csrun.Linux;
using Csrun.Oci;

namespace Csrun.Commands;

/// <summary><c>csrun update CONTAINER</c>.</summary>
internal sealed class UpdateCommand : Verb
{
    private readonly CliOption _resources = new(OptionKind.Value, "--resources", "FILE", "read linux.resources of the runtime-spec from FILE, or from stdin with -; the other options are not looked at then", "-r") { IsPath = true };
    private readonly LimitOptions _limits = new();

    internal override string Name => "update";

    internal override string Summary => "change the limits of a running container";

    internal override string Synopsis => "[OPTIONS] CONTAINER";

    internal override string Description =>
        """
        Changes limits of CONTAINER's control group. What is not named stays as it is. What cannot be set is refused by name, before anything is changed.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples =>
    [
        ("csrun update --memory 128m --memory-swap 128m box", "more memory"),
        ("echo '{\"pids\": {\"limit\": 50}}' | csrun update -r - box", "as engines do it"),
    ];

    protected override IReadOnlyList<OptionGroup> OwnGroups => [new("Options", [_resources, .. _limits.Options])];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, 1);
        Resources resources = invocation.Options.Value(_resources) is { } file
            ? Read(file, invocation.Host)
            : _limits.Read(invocation.Options, isNew: false) is { IsEmpty: false } limits ? limits.Resources
            : throw Wrong("nothing is to be changed", "no option names a limit", "csrun update --memory 128m CONTAINER");
        return invocation.Engine.Update(invocation.Words[0], resources, invocation.Global);
    }

    private static Resources Read(string file, CliHost host)
    {
        string text;
        try
        {
            text = host.ReadFile(file == "-" ? "/dev/stdin" : file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CsrunException($"--resources \"{file}\" cannot be read", e.Message, $"ls -l \"{file}\"", inner: e);
        }

        // The runtime-spec's own reader and checker: the same words, the same messages. Swap beside a limit that stays is no mistake here.
        byte[] json = System.Text.Encoding.UTF8.GetBytes("{\"ociVersion\": \"" + SpecVersion.Current + "\", \"linux\": {\"resources\": " + text + "}}");
        SpecReadResult result = SpecReader.Read(json, file);
        ConfigMistake[] mistakes =
        [
            .. result.Mistakes,
            .. result.Spec is null ? [] : SpecValidator.Validate(result.Spec).Where(m => m.JsonPath.StartsWith("$.linux.resources", StringComparison.Ordinal) && m.JsonPath != "$.linux.resources.memory.swap"),
        ];
        return mistakes.Length == 0
            ? result.Spec!.Linux?.Resources ?? new Resources()
            : throw new CsrunException($"--resources \"{file}\"\n{string.Join('\n', (object[])mistakes)}", "they are no resources of the runtime-spec", "config-linux.md, \"Control groups\", says what is valid");
    }
}
