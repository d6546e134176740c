namespace Csrun.Linux.Net;

/// <summary>Who connected to a Unix socket, as the kernel noted it at connect(2); IDs and PID are of this process's namespaces.</summary>
/// <param name="Pid">The process; 0 where this PID namespace does not show it. It may have ended since, and the number may be another's.</param>
/// <param name="Uid">Its effective user ID.</param>
/// <param name="Gid">Its effective group ID.</param>
/// <remarks>unix(7), SO_PEERCRED; struct ucred.</remarks>
public readonly record struct PeerCredentials(int Pid, uint Uid, uint Gid);
