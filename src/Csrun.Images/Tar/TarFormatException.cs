using Csrun.Linux;

namespace Csrun.Images.Tar;

/// <summary>An archive that breaks the tar format, is cut, or asks for more than the limits allow.</summary>
public sealed class TarFormatException : CsrunException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="what">What is wrong, with the entry where it has a name.</param>
    /// <param name="why">The fact that decides it.</param>
    /// <param name="fix">What the user can do.</param>
    /// <param name="offset">Where in the decompressed archive, in bytes.</param>
    /// <param name="inner">The cause, when it is another exception.</param>
    public TarFormatException(string what, string? why = null, string? fix = null, long offset = 0, Exception? inner = null)
        : base(what, why, fix, inner: inner) => Offset = offset;

    /// <summary>Where in the decompressed archive, in bytes.</summary>
    public long Offset { get; }
}
