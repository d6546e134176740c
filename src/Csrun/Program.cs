using Csrun.Commands;
using Csrun.Engine;
using Csrun.Runtime.Launch;
using Csrun.Terminal;
using Csrun.Workers;

namespace Csrun;

internal static class Program
{
    private static int Main(string[] args)
    {
        SealedExecutable.RestoreName();
        if (args is [Worker.Marker, ..])
        {
            return WorkerProgram.Run(args.AsSpan(1));
        }

        bool supervises = args is [Supervision.Marker, ..];
        return CommandLine.Run(
            supervises ? args[1..] : args,
            new CliHost(FdWriter.Stdout, FdWriter.Stderr, Environment.GetEnvironmentVariable, File.ReadAllText) { AsRunc = Path.GetFileName(Environment.GetCommandLineArgs()[0]) is "runc" or "crun" },
            new ContainerEngine(supervises ? new Supervision() : null));
    }
}
