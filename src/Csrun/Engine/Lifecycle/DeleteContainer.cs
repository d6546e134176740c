using Csrun.Linux;
using Csrun.Runtime.State;

namespace Csrun.Engine.Lifecycle;

/// <summary><c>csrun delete</c>: what is left of a container that has ended, or was never started.</summary>
internal static class DeleteContainer
{
    /// <summary>Removes it.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="word">Which one.</param>
    /// <param name="force">Whether one that runs is killed, and one that is not there is no failure.</param>
    internal static int Run(Caller caller, string word, bool force)
    {
        Container container;
        try
        {
            container = NamedContainer.Open(caller, word);
        }
        catch (CsrunException) when (force)
        {
            if (ContainerId.IsValid(word))
            {
                LayerRemoval.RemoveLeftOver(caller, word);
            }

            return 0;
        }

        using (container)
        {
            Delete(caller, container, force);
        }

        return 0;
    }

    private static void Delete(Caller caller, Container container, bool force)
    {
        if (container.Status == ContainerStatus.Creating || (container.Status is ContainerStatus.Running or ContainerStatus.Paused && !force))
        {
            throw new CsrunException(
                $"cannot delete container {container.DisplayName} that is not stopped: {OciState.Word(container.Status)}",
                container.Status == ContainerStatus.Creating ? "it is being made" : "its first process runs",
                $"csrun kill {container.DisplayName} KILL first, or csrun delete --force {container.DisplayName}");
        }

        ContainerRemoval.Remove(caller, container);
    }
}
