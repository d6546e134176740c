using Microsoft.Win32.SafeHandles;

namespace Csrun.Linux.Handles;

/// <summary>Owns a file descriptor; close(2) at the end.</summary>
public sealed class SafeFd : SafeHandleMinusOneIsInvalid
{
    /// <summary>Takes ownership of <paramref name="fd"/>.</summary>
    public SafeFd(int fd) : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>The descriptor's number; valid as long as this handle is not disposed.</summary>
    public int Number => (int)handle;

    /// <summary>The path that names this descriptor in proc(5); valid in this process only.</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    /// <inheritdoc/>
    // close(2) is never retried: on Linux the descriptor is gone even after EINTR.
    protected override bool ReleaseHandle() => Sys.Close((int)handle).Ok;

    /// <inheritdoc/>
    public override string ToString() => $"fd {Number}";
}
