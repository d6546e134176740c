namespace Csrun.Images;

/// <summary>Permission bits, which C# cannot write in octal.</summary>
internal static class FileModes
{
    /// <summary>0700.</summary>
    internal const uint Rwx = 0x1c0;

    /// <summary>0600.</summary>
    internal const uint Rw = 0x180;

    /// <summary>0755.</summary>
    internal const uint Rwxr_xr_x = 0x1ed;

    /// <summary>0777.</summary>
    internal const uint All = 0x1ff;

    /// <summary>S_IFIFO.</summary>
    internal const uint Fifo = 0x1000;

    /// <summary>S_IFCHR.</summary>
    internal const uint CharacterDevice = 0x2000;

    /// <summary>S_IFBLK.</summary>
    internal const uint BlockDevice = 0x6000;
}
