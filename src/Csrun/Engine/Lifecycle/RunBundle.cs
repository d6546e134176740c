using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Plan.Requests;
using Csrun.Runtime.Attend;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary>runc's <c>run</c>: create, start and, in the foreground, wait and delete.</summary>
internal static class RunBundle
{
    /// <summary>Runs a bundle.</summary>
    /// <param name="caller">Whose container it is.</param>
    /// <param name="request">The container.</param>
    /// <param name="detach">Whether csrun ends once the command runs.</param>
    /// <param name="keep">Whether the container stays after its end.</param>
    /// <returns>The command's exit code; 0 when detached.</returns>
    internal static int Run(Caller caller, CreateRequest request, bool detach, bool keep)
    {
        if (detach)
        {
            int code = CreateContainer.Run(caller, request);
            return code != 0 || request.Explain is not null ? code : Start(caller, request.Id);
        }

        return CreateContainer.Run(caller, request, (running, directory) => Foreground(caller, request.Id, running, directory, keep));
    }

    private static int Foreground(Caller caller, string id, RunningContainer running, ContainerDirectory directory, bool keep)
    {
        // The container is written down: from here on this is a csrun like any other, and start and delete lock the directory themselves.
        Sys.Flock(directory.Directory, FlockOperation.LOCK_UN).OrThrow("flock", directory.Path);
        using IDisposable forwarding = Attendant.ForwardSignals(running.PidFd);
        int exitCode;
        try
        {
            Start(caller, id);
            exitCode = Attendant.Attend(running, interactive: true);
        }
        catch
        {
            Sys.PidfdSendSignal(running.PidFd, Signal.SIGKILL);
            Sys.WaitidPidfd(running.PidFd);
            DeleteContainer.Run(caller, id, force: true);
            throw;
        }

        if (!keep)
        {
            DeleteContainer.Run(caller, id, force: true);
        }

        return exitCode;
    }

    private static int Start(Caller caller, string id)
    {
        try
        {
            return StartContainer.Run(caller, [id]);
        }
        catch
        {
            DeleteContainer.Run(caller, id, force: true);
            throw;
        }
    }
}
