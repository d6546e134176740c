namespace Csrun.Commands;

/// <summary><c>csrun inspect CONTAINER...</c>.</summary>
internal sealed class InspectCommand : Verb
{
    internal override string Name => "inspect";

    internal override string Summary => "print all that is known of containers, as JSON";

    internal override string Synopsis => "CONTAINER...";

    internal override string Description =>
        """
        Prints a JSON array with an object for each CONTAINER: its record (name, image, first process, times, exit code, annotations), what it does now, and under "config" the OCI configuration that it was started with, with its ID maps.
        """;

    internal override IReadOnlyList<(string Command, string What)> Examples => [("csrun inspect box", "everything"), ("csrun inspect box | jq '.[0].config.linux.uidMappings'", "its user ID map")];

    internal override int Invoke(Invocation invocation)
    {
        Expect(invocation.Words, 1, int.MaxValue);
        return invocation.Engine.Inspect(invocation.Words, invocation.Global);
    }
}
