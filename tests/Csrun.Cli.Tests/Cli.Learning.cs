using Csrun.Commands;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int ILearningVerbs.Namespaces(string? subject, bool json, GlobalOptions options) => Note($"ns [{subject}] json={json}", options);
}
