namespace Csrun.Commands;

/// <summary>The verbs by name. A verb's object, and with it its options, is made when it is asked for.</summary>
internal static class VerbTable
{
    /// <summary>The names that help, manual and completion list, in this order.</summary>
    internal static IReadOnlyList<string> Names => ["run", "images", "image unpack", "image rm", "unshare", "completion", "version"];

    /// <summary>The verb of that name, or null.</summary>
    internal static Verb? Find(string name) => name switch
    {
        "run" => new RunCommand(),
        "images" => new ImagesCommand(),
        "image" => new ImageCommand(),
        "image unpack" => new ImageUnpackCommand(),
        "image rm" => new ImageRemoveCommand(),
        "unshare" => new UnshareCommand(),
        "completion" => new CompletionCommand(),
        "version" => new VersionCommand(),
        "man" => new ManCommand(),
        _ => null,
    };

    /// <summary>Every listed verb.</summary>
    internal static IReadOnlyList<Verb> All()
    {
        List<Verb> verbs = [];
        foreach (string name in Names)
        {
            verbs.Add(Find(name)!);
        }

        return verbs;
    }
}
