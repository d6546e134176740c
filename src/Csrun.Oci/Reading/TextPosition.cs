namespace Csrun.Oci;

/// <summary>A place in a text file.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Character in the line (not byte), from 1.</param>
public readonly record struct TextPosition(int Line, int Column)
{
    /// <summary>As compilers and editors write it: <c>line:column</c>.</summary>
    public override string ToString() => $"{Line}:{Column}";
}
