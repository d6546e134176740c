namespace Csrun.Labs.Model;

/// <summary>What the machine and the caller have, found by trying. Every reason is one line; null means that nothing is missing.</summary>
public interface ILabFacts
{
    /// <summary>Why the caller is not root of the host.</summary>
    string? WhyNotRoot { get; }

    /// <summary>Why there is no ordinary user with subordinate IDs to be.</summary>
    string? WhyNoUser { get; }

    /// <summary>The image that labs use where any will do: <c>alpine</c>, or <c>busybox</c> where no Alpine can be had.</summary>
    string Image { get; }

    /// <summary>Why the image cannot be run.</summary>
    string? WhyNoImage(string name);

    /// <summary>Why the kernel cannot mount file systems of that type.</summary>
    string? WhyNoFileSystem(string type);

    /// <summary>Why the kernel cannot give a copy of a mapped mount another map (Linux 6.15).</summary>
    string? WhyNoSecondMap { get; }

    /// <summary>Why the host's / cannot be shown with other owners, the labs' directory in it.</summary>
    string? WhyNoMapOfRoot { get; }

    /// <summary>Why an ordinary user cannot serve a file system by FUSE.</summary>
    string? WhyNoFuse { get; }

    /// <summary>The path of a program, or null.</summary>
    string? FindTool(string name);
}
