namespace Csrun.Plan.Lxc;

/// <summary>One setting of an LXC configuration.</summary>
/// <param name="File">The file it stands in.</param>
/// <param name="Number">Its line, from 1.</param>
/// <param name="Key">What stands before the equals sign.</param>
/// <param name="Value">What stands after it; empty takes earlier values back.</param>
/// <param name="Order">The how manieth line it is of all files together.</param>
public sealed record LxcLine(string File, int Number, string Key, string Value, int Order)
{
    /// <summary>The place, for messages: <c>FILE:LINE</c>.</summary>
    public string Place => $"{File}:{Number}";

    /// <inheritdoc/>
    public override string ToString() => $"{Place}: {Key} = {Value}";
}
