namespace Csrun.Labs.Running;

/// <summary>What the runner takes from the program around it.</summary>
public interface ILabHost
{
    /// <summary>The path of csrun itself.</summary>
    string Binary { get; }

    /// <summary>Where root file system tarballs are looked for, as CSRUN_IMAGE_PATH has it.</summary>
    string ImagePath { get; }

    /// <summary>Removes a tree, files of the caller's subordinate IDs included.</summary>
    /// <returns>Why something is left, or null.</returns>
    string? RemoveTree(string path);
}
