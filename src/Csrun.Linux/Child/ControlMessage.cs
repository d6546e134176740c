namespace Csrun.Linux.Child;

/// <summary>The one byte of a message on the control socket: what it says, and what its descriptor is.</summary>
public enum ControlMessage : byte
{
    /// <summary>csrun to child: a barrier may be passed; the descriptors are those that its step expects.</summary>
    Barrier = (byte)'B',

    /// <summary>Child to csrun: the descriptor that the process was made to fetch.</summary>
    Descriptor = (byte)'D',

    /// <summary>Child to csrun: a step failed, as the shared memory says; the descriptor, where there is one, is the container's root.</summary>
    Failure = (byte)'F',

    /// <summary>Child to csrun: the descriptor is the listener of its system call filter.</summary>
    Listener = (byte)'L',

    /// <summary>Child to csrun: the descriptor is the pidfd of the process that goes on in the child's place.</summary>
    Process = (byte)'P',

    /// <summary>Child to csrun: it has got to the point that csrun waits for.</summary>
    Reached = (byte)'R',

    /// <summary>Child to csrun, when a launch is traced: a step is done, and the child waits.</summary>
    StepDone = (byte)'S',

    /// <summary>Child to csrun: the descriptor is the master side of the container's terminal.</summary>
    Terminal = (byte)'T',
}
