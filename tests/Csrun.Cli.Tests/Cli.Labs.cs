using Csrun.Commands;

namespace Csrun.Cli.Tests;

internal sealed partial class Cli
{
    int ILabVerbs.LabList(bool json) => Note($"lab list json={json}", Global ?? new GlobalOptions());

    int ILabVerbs.LabRun(IReadOnlyList<string> names, bool keep, bool json) => Note($"lab run [{string.Join(' ', names)}] keep={keep} json={json}", Global ?? new GlobalOptions());
}
