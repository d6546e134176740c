namespace Csrun.Labs.Model;

/// <summary>The text that a lab replays.</summary>
/// <param name="Article">The article's title.</param>
/// <param name="Section">The heading in it.</param>
public sealed record LabSource(string Article, string Section)
{
    /// <summary>The article on user namespaces in Docker and podman.</summary>
    internal static LabSource Docker(string section) => new("ユーザー名前空間について調べたことをまとめたい", section);

    /// <summary>The article on ID-mapped mounts with LXC, part 51 of its series.</summary>
    internal static LabSource Lxc(string section) => new("LXCで学ぶコンテナ入門 第51回 Linuxの非特権コンテナで利用するID mappedマウント(2)", section);

    /// <inheritdoc/>
    public override string ToString() => $"{Article}: {Section}";
}
