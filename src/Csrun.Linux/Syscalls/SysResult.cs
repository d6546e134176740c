using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Linux;

/// <summary>What a system call answered: a value, or an errno.</summary>
/// <param name="Value">The value, when <paramref name="Errno"/> is <see cref="Errno.None"/>.</param>
/// <param name="Errno">The error number.</param>
public readonly record struct SysResult(nint Value, Errno Errno)
{
    /// <summary>Whether the call succeeded.</summary>
    public bool Ok => Errno == Errno.None;

    /// <summary>The value as an int.</summary>
    public int Int => (int)Value;

    /// <summary>The value, or an exception that names the call and the path.</summary>
    /// <exception cref="KernelException">The call failed.</exception>
    public nint OrThrow(string call, string? path = null, string? why = null, string? fix = null) =>
        Ok ? Value : throw new KernelException(call, path, Errno, why, fix);

    /// <summary>The new descriptor, owned by the handle that is returned.</summary>
    /// <exception cref="KernelException">The call failed.</exception>
    public SafeFd FdOrThrow(string call, string? path = null, string? why = null, string? fix = null) =>
        new((int)OrThrow(call, path, why, fix));
}
