using System.Collections.Immutable;

namespace Csrun.Plan.Cgroups;

/// <summary>One setting of a control group: a text for one of its files.</summary>
/// <param name="Controller">The controller that the file belongs to: which hierarchy it is in.</param>
/// <param name="File">The file's name, such as <c>memory.max</c>.</param>
/// <param name="Text">What is written, in one write(2).</param>
/// <param name="JsonPath">What asked for it, such as <c>$.linux.resources.memory.limit</c>.</param>
public sealed record CgroupWrite(string Controller, string File, string Text, string JsonPath)
{
    /// <summary>Where the same wish goes when the file does not exist: other kernels, other schedulers.</summary>
    public ImmutableArray<CgroupFileText> Otherwise { get; init; } = [];

    /// <summary>Whether a file that does not exist is no failure: nothing is there to be limited.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>Whether EINVAL may come of the order alone (a period below the present quota's): tried again after the others.</summary>
    public bool AgainIfInvalid { get; init; }

    /// <summary>What is said when the kernel has the file and refuses every value (EOPNOTSUPP): the limit is gone from newer kernels. Null: a failure.</summary>
    public string? NoteIfUnsupported { get; init; }
}

/// <summary>A file of a control group and the text for it.</summary>
/// <param name="File">Its name.</param>
/// <param name="Text">What is written.</param>
public readonly record struct CgroupFileText(string File, string Text);
