using System.Text;

namespace Csrun.Plan.Rendering;

/// <summary>The name of an operation for tools: <c>PivotRootOp</c> is <c>pivot-root</c>.</summary>
internal static class OperationName
{
    public static string Of(object op)
    {
        string name = op.GetType().Name;
        StringBuilder words = new();
        foreach (char c in name.EndsWith("Op", StringComparison.Ordinal) ? name[..^2] : name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length != 0)
            {
                words.Append('-');
            }

            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
