namespace Csrun.Images.Tar;

/// <summary>The type flag of a tar header (POSIX pax, "ustar Interchange Format"; GNU tar manual, "Basic Tar Format").</summary>
#pragma warning disable CS1591 // the names say it
public enum TarType
{
    OldRegular = 0,
    Regular = '0',
    HardLink = '1',
    SymbolicLink = '2',
    CharacterDevice = '3',
    BlockDevice = '4',
    Directory = '5',
    Fifo = '6',
    Contiguous = '7',
    PaxGlobal = 'g',
    PaxExtended = 'x',
    GnuDumpDirectory = 'D',
    GnuLongLink = 'K',
    GnuLongName = 'L',
    GnuMultiVolume = 'M',
    GnuSparse = 'S',
    GnuVolumeHeader = 'V',
}
#pragma warning restore CS1591
