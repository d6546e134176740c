namespace Csrun.Images.Tar;

/// <summary>An extended attribute of an entry (PAX keyword <c>SCHILY.xattr.NAME</c>).</summary>
/// <param name="Name">Its name, namespace included.</param>
/// <param name="Value">Its bytes, which need not be text.</param>
public readonly record struct TarXattr(string Name, byte[] Value);
