namespace Csrun.Runtime.State;

/// <summary>What a container does, in the words of the runtime-spec (runtime.md, "State"); never stored, always looked up.</summary>
public enum ContainerStatus
{
    /// <summary>It is being made; its first process has not got its command yet.</summary>
    Creating,

    /// <summary>It is made, and its command waits for the start.</summary>
    Created,

    /// <summary>Its command runs.</summary>
    Running,

    /// <summary>Its processes are frozen (<c>csrun pause</c>).</summary>
    Paused,

    /// <summary>Its first process has ended.</summary>
    Stopped,
}
