using Csrun.Linux;

namespace Csrun.Workers;

/// <summary>A worker failed and has told the user why; csrun only passes its exit code on.</summary>
#pragma warning disable CA1064 // caught at the end of the command line, in this assembly
internal sealed class WorkerFailedException(int exitCode) : CsrunException("a worker failed", exitCode: exitCode is > 0 and < 128 ? exitCode : 125);
#pragma warning restore CA1064
