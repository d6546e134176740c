using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>What the choice of a container's ID maps depends on: the caller, its subordinate IDs, who has which IDs, and the two map tools.</summary>
/// <remarks>All IDs are of csrun's own user namespace, which is the host's unless csrun itself runs in a container.</remarks>
public sealed record IdentityFacts
{
    /// <summary>The caller's effective user ID.</summary>
    public required uint CallerUid { get; init; }

    /// <summary>The caller's effective group ID.</summary>
    public required uint CallerGid { get; init; }

    /// <summary>Whether csrun has CAP_SETUID, CAP_SETGID and CAP_SYS_ADMIN in its own user namespace: it may write any map and mount without a new one.</summary>
    public required bool IsPrivileged { get; init; }

    /// <summary>The caller's name, or null where no passwd source has one.</summary>
    public string? CallerName { get; init; }

    /// <summary>The caller's group in passwd(5), which newgidmap(1) wants to be the effective one; null where it is not known.</summary>
    public uint? PrimaryGid { get; init; }

    /// <summary>The caller's subordinate IDs.</summary>
    public SubIds SubIds { get; init; } = SubIds.None;

    /// <summary>What others have; needed, and read, only where the caller has too few subordinate IDs.</summary>
    public TakenIds Taken { get; init; } = TakenIds.None;

    /// <summary>newuidmap(1); null where it was not looked for because nothing would use it.</summary>
    public MapTool? NewUidMap { get; init; }

    /// <summary>newgidmap(1); null where it was not looked for because nothing would use it.</summary>
    public MapTool? NewGidMap { get; init; }

    /// <summary>The maps of csrun's own user namespace; null in the initial one, where every ID exists.</summary>
    public IdMapPair? Self { get; init; }

    /// <summary>Whether setgroups(2) is denied in csrun's own user namespace, and so in every one that is made in it (user_namespaces(7), Linux 3.19).</summary>
    public bool SetgroupsDenied { get; init; }

    /// <summary>The maps of the user namespace to be joined (<c>container:NAME</c>, <c>ns:PATH</c>), seen from csrun's own; null where none is, or they are not known.</summary>
    public IdMapPair? Joined { get; init; }

    /// <summary>The caller as a person knows it, for messages.</summary>
    public string Caller => CallerName ?? $"user {CallerUid}";

    /// <summary>Gathers the facts about the caller, reading no more than they take.</summary>
    /// <param name="uid">The effective user ID.</param>
    /// <param name="gid">The effective group ID.</param>
    /// <param name="isPrivileged">See <see cref="IsPrivileged"/>.</param>
    /// <param name="initialUserNamespace">Whether csrun's user namespace is the host's first one.</param>
    /// <param name="searchPath">PATH, or null.</param>
    /// <param name="etc">The directory of the account files.</param>
    /// <exception cref="CsrunException">An account file exists and cannot be read.</exception>
    public static IdentityFacts Read(uint uid, uint gid, bool isPrivileged, bool initialUserNamespace, string? searchPath, string etc = "/etc")
    {
        PasswdEntry? user = HostUser.Find(uid, etc);
        SubIds subIds = SubIds.Read(uid, user?.Name, etc);
        // Fewer than the 16-bit IDs are worth a message, and that names a range which is free.
        bool lacking = subIds.Uids.Total() < 65535 || subIds.Gids.Total() < 65535;
        bool tools = !isPrivileged && (!subIds.Uids.IsEmpty || !subIds.Gids.IsEmpty);
        return new IdentityFacts
        {
            CallerUid = uid,
            CallerGid = gid,
            IsPrivileged = isPrivileged,
            CallerName = user?.Name,
            PrimaryGid = user?.Gid,
            SubIds = subIds,
            Taken = lacking ? TakenIds.Read(uid, user?.Name, etc) : TakenIds.None,
            NewUidMap = tools ? MapTool.NewUidMap(searchPath) : null,
            NewGidMap = tools ? MapTool.NewGidMap(searchPath) : null,
            SetgroupsDenied = !initialUserNamespace && AccountFile.Read("/proc/self/setgroups").StartsWith("deny"u8),
            Self = initialUserNamespace ? null : new IdMapPair(ReadMap("/proc/self/uid_map"), ReadMap("/proc/self/gid_map")),
        };
    }

    private static IdMap ReadMap(string path)
    {
        ReadOnlySpan<byte> content = AccountFile.Read(path);
        Span<char> text = content.Length <= 4096 ? stackalloc char[content.Length] : new char[content.Length];
        System.Text.Encoding.ASCII.GetChars(content, text);
        return IdMap.ParseProcFile(text);
    }
}
