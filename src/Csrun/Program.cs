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
        return args is [Worker.Marker, ..]
            ? WorkerProgram.Run(args.AsSpan(1))
            : CommandLine.Run(
                args,
                new CliHost(FdWriter.Stdout, FdWriter.Stderr, Environment.GetEnvironmentVariable, File.ReadAllText),
                new ContainerEngine());
    }
}
