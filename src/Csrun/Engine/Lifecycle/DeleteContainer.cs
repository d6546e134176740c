using Csrun.Linux;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun delete</c>: what is left of a container that has ended, or was never started.</summary>
internal static class DeleteContainer
{
    private const int Patience = 2000; // milliseconds
    private const int Pause = 20;

    /// <summary>Removes it.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="word">Which one.</param>
    /// <param name="force">Whether one that runs is killed, and one that is not there is no failure.</param>
    internal static int Run(Caller caller, string word, bool force)
    {
        Container? container = Open(caller, word, force);
        for (int waited = 0; force && container is { Status: ContainerStatus.Creating } && waited < Patience; waited += Pause)
        {
            // Its csrun may have been killed this moment, and its child, which has the lock for its first steps, with it.
            container.Dispose();
            Sys.Ppoll([], Pause);
            container = Open(caller, word, force);
        }

        if (container is null)
        {
            return 0;
        }

        using (container)
        {
            Delete(caller, container, force);
        }

        return 0;
    }

    /// <summary>Finds it; null for one that is not there, where that is no failure: what a killed csrun left of it is removed.</summary>
    private static Container? Open(Caller caller, string word, bool force)
    {
        try
        {
            return NamedContainer.Open(caller, word);
        }
        catch (CsrunException) when (force)
        {
            if (ContainerId.IsValid(word))
            {
                LayerRemoval.RemoveLeftOver(caller, word);
            }

            return null;
        }
    }

    private static void Delete(Caller caller, Container container, bool force)
    {
        if (container.Status == ContainerStatus.Creating || (container.Status is ContainerStatus.Running or ContainerStatus.Paused && !force))
        {
            throw new CsrunException(
                $"cannot delete container {container.DisplayName} that is not stopped: {OciState.Word(container.Status)}",
                container.Status == ContainerStatus.Creating ? "it is being made" : "its first process runs",
                container.Status == ContainerStatus.Creating ? "try again when csrun state says created" : $"csrun kill {container.DisplayName} KILL first, or csrun delete --force {container.DisplayName}");
        }

        ContainerRemoval.Remove(caller, container);
    }
}
