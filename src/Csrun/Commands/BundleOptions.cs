using System.Globalization;
using Csrun.Plan.Requests;

namespace Csrun.Commands;

/// <summary>The options of the verbs that make a container of a bundle: create, and runc's run.</summary>
internal sealed class BundleOptions
{
    private readonly CliOption _bundle = new(OptionKind.Value, "--bundle", "DIR", "the directory with config.json, in place of the current one", "-b") { IsPath = true };
    private readonly CliOption _consoleSocket = new(OptionKind.Value, "--console-socket", "SOCKET", "send the terminal's master side to this Unix socket") { IsPath = true };
    private readonly CliOption _pidFile = new(OptionKind.Value, "--pid-file", "FILE", "write the first process's ID to FILE") { IsPath = true };
    private readonly CliOption _preserveFds = new(OptionKind.Value, "--preserve-fds", "N", "hand N descriptors more to the command, from 3 on");
    private readonly CliOption _noNewKeyring = new(OptionKind.Flag, "--no-new-keyring", "", "keep the caller's session keyring");
    private readonly CliOption _noPivot = new(OptionKind.Flag, "--no-pivot", "", "change the root without pivot_root(2), for a host that runs from its initial ramdisk; weaker: the host's file system stays mounted below the container's");
    private readonly CliOption _explain = ExplainOption.Create();
    private readonly CliOption _trace = TraceOption.Create();

    internal IReadOnlyList<CliOption> All => [_bundle, _consoleSocket, _pidFile, _preserveFds, _noNewKeyring, _noPivot, _explain, _trace];

    /// <summary>Reads them.</summary>
    internal CreateRequest Read(Verb verb, Invocation invocation)
    {
        ParsedOptions options = invocation.Options;
        return new CreateRequest
        {
            Id = invocation.Words[0],
            Bundle = options.Value(_bundle) ?? ".",
            ConsoleSocket = options.Value(_consoleSocket),
            PidFile = options.Value(_pidFile),
            PreserveFds = options.Value(_preserveFds) is { } count ? Count(verb, count) : 0,
            KeepsKeyring = options.Flag(_noNewKeyring),
            NoPivot = options.Flag(_noPivot),
            Explain = ExplainOption.Read(verb, _explain, options),
            Trace = TraceOption.Read(verb, _trace, options),
        };
    }

    // One message of the control socket carries 32 descriptors, four of which csrun needs itself.
    internal static int Count(Verb verb, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 28
            ? count
            : throw verb.Wrong($"--preserve-fds \"{text}\"", "it is a number of descriptors, from 0 to 28", "--preserve-fds 1");
}
