using System.Runtime.InteropServices;

namespace Csrun.Linux.Compression;

/// <summary>A shared library of the system, loaded the first time something needs it: the launch path never does.</summary>
internal sealed class NativeCode
{
    private readonly nint _handle;
    private readonly string _file;

    private NativeCode(nint handle, string file)
    {
        _handle = handle;
        _file = file;
    }

    /// <summary>Loads the first of <paramref name="files"/> that is there, or null.</summary>
    internal static NativeCode? TryLoad(params ReadOnlySpan<string> files)
    {
        foreach (string file in files)
        {
            if (NativeLibrary.TryLoad(file, out nint handle))
            {
                return new NativeCode(handle, file);
            }
        }

        return null;
    }

    /// <summary>Loads a library, or says which package brings it.</summary>
    /// <param name="file">Its file name with the version of its interface.</param>
    /// <param name="purpose">What needs it.</param>
    /// <param name="package">Debian's package.</param>
    internal static NativeCode Load(string file, string purpose, string package) =>
        TryLoad(file) ?? throw new CsrunException($"{file} is not installed", $"{purpose} needs it", $"sudo apt install {package}");

    /// <summary>The address of a function.</summary>
    internal nint Function(string name) => NativeLibrary.TryGetExport(_handle, name, out nint address)
        ? address
        : throw new CsrunException($"{_file} has no function {name}", "it is another version than the one csrun was written for");
}
