using System.Collections.Immutable;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Runtime.State;

namespace Csrun.Engine;

/// <summary>The standard streams of a container in the background: a log file, and for <c>-i</c> a pipe that nobody writes to and nobody closes.</summary>
internal sealed class DetachedStreams : IDisposable
{
    /// <summary>The log's name in the container's directory.</summary>
    internal const string LogName = "log";

    private readonly SafeFd? _input;
    private readonly SafeFd? _inputEnd;

    private DetachedStreams(SafeFd log, SafeFd? input, SafeFd? inputEnd, ImmutableArray<StandardStream> forChild)
    {
        Log = log;
        _input = input;
        _inputEnd = inputEnd;
        ForChild = forChild;
    }

    /// <summary>The log, open for appending.</summary>
    internal SafeFd Log { get; }

    /// <summary>What the container's command gets; nothing where it has a terminal, whose output csrun copies to the log.</summary>
    internal ImmutableArray<StandardStream> ForChild { get; }

    /// <summary>Makes them.</summary>
    internal static DetachedStreams Open(ContainerDirectory container, RunRequest request)
    {
        string path = $"{container.Path}/{LogName}";
        // Appending: what is written by several processes, or after the file was cut short, never leaves a hole.
        SafeFd log = Sys.Openat2(container.Directory, LogName, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_APPEND | OpenFlags.O_NOFOLLOW, 0x180).FdOrThrow("openat2", path);
        if (request.Tty)
        {
            return new DetachedStreams(log, null, null, []);
        }

        OpenDescriptor output = new("log", log.Number);
        ImmutableArray<StandardStream> streams = [new(1, output), new(2, output)];
        if (!request.Interactive)
        {
            return new DetachedStreams(log, null, null, streams);
        }

        (SafeFd read, SafeFd write) = Sys.Pipe2();
        return new DetachedStreams(log, read, write, streams.Insert(0, new StandardStream(0, new OpenDescriptor("input that never ends", read.Number))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input?.Dispose();
        _inputEnd?.Dispose();
        Log.Dispose();
    }
}
