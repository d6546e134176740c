namespace Csrun.Labs.Model;

/// <summary>Something that a lab cannot do without, and how to find out whether it is there.</summary>
/// <param name="Text">What it is, for the list.</param>
/// <param name="Missing">The reason why it is not there, decided by trying; null when it is.</param>
public sealed record LabNeed(string Text, Func<ILabFacts, string?> Missing)
{
    /// <summary>root of the host.</summary>
    internal static LabNeed Root { get; } = new("root", facts => facts.WhyNotRoot);

    /// <summary>An ordinary user with subordinate IDs, who may be the caller.</summary>
    internal static LabNeed User { get; } = new("an ordinary user with subordinate IDs", facts => facts.WhyNoUser);

    /// <summary>A root file system of Alpine 3.16, which the second article has.</summary>
    internal static LabNeed Alpine316 { get; } = new("the image alpine:3.16", facts => facts.WhyNoImage("alpine:3.16"));

    /// <summary>The image of $IMAGE: Alpine, or busybox where no Alpine can be had.</summary>
    internal static LabNeed Image { get; } = new("an image", facts =>
        facts.WhyNoImage(facts.Image) is { } why ? $"{facts.WhyNoImage("alpine")}; {why}" : null);

    /// <summary>Alpine, because the accounts in the output are its own.</summary>
    internal static LabNeed Alpine { get; } = new("the image alpine", facts => facts.WhyNoImage("alpine"));

    /// <summary>open_tree_attr(2).</summary>
    internal static LabNeed SecondMap { get; } = new("Linux 6.15", facts => facts.WhyNoSecondMap);

    /// <summary>A / that can be mapped.</summary>
    internal static LabNeed MapOfRoot { get; } = new("a / that can be ID-mapped", facts => facts.WhyNoMapOfRoot);

    /// <summary>bindfs, and a /dev/fuse for everybody.</summary>
    internal static LabNeed Bindfs { get; } = new("bindfs", facts => Tool("bindfs").Missing(facts) ?? facts.WhyNoFuse);

    /// <summary>A program of the host.</summary>
    internal static LabNeed Tool(string name) => new($"the program {name}", facts => facts.FindTool(name) is null ? $"the program {name} is not installed" : null);

    /// <summary>A file system that the kernel knows.</summary>
    internal static LabNeed FileSystem(string type) => new($"the file system {type}", facts => facts.WhyNoFileSystem(type));
}
