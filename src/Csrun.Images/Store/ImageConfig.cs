using System.Collections.Immutable;

namespace Csrun.Images.Store;

/// <summary>What an image asks to be run with (OCI image-spec, config.md, "config").</summary>
public sealed record ImageConfig
{
    /// <summary>What a bare root file system tarball gets: the usual PATH and a shell.</summary>
    public static ImageConfig ForTarball { get; } = new()
    {
        Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        Cmd = ["/bin/sh"],
    };

    /// <summary>Environment, <c>NAME=VALUE</c> each.</summary>
    public ImmutableArray<string> Env { get; init; } = [];

    /// <summary>What the command is appended to.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The command when none is given.</summary>
    public ImmutableArray<string> Cmd { get; init; } = [];

    /// <summary>User, <c>USER[:GROUP]</c>, as the image spells it; null for root.</summary>
    public string? User { get; init; }

    /// <summary>Working directory inside; null for the root.</summary>
    public string? WorkingDir { get; init; }
}
