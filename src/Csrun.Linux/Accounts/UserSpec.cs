using Csrun.Linux.IdMaps;

namespace Csrun.Linux.Accounts;

/// <summary>Who a container's process is to be, as <c>--user</c> or an image's USER says it: <c>USER[:GROUP]</c>, names or numbers.</summary>
/// <param name="User">A name, or an ID in digits.</param>
/// <param name="Group">A name, or an ID in digits; null where none was given.</param>
/// <remarks>All digits are a number, never a name: an image cannot name a user "1000" and make it root
/// (CVE-2026-46680 and its like). Numbers end at 2147483647, as in Docker and runc, whose container layers read larger ones as negative.</remarks>
public sealed partial record UserSpec(string User, string? Group)
{
    /// <summary>The highest ID that may be asked for.</summary>
    public const uint MaxId = int.MaxValue;

    /// <summary>What holds where neither the command line nor the image says anything: user 0.</summary>
    public static UserSpec Root { get; } = new("0", null);

    /// <summary>The user's number, where it was given as one.</summary>
    public uint? Uid => IdNumber.TryParse(User, out uint uid) ? uid : null;

    /// <summary>The group's number, where it was given as one.</summary>
    public uint? Gid => Group is not null && IdNumber.TryParse(Group, out uint gid) ? gid : null;

    /// <summary>Reads <c>USER[:GROUP]</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="origin">Where it comes from, for the message: <c>--user</c>, <c>the image's USER</c>.</param>
    /// <exception cref="CsrunException">A part is empty, or a number that is no ID.</exception>
    public static UserSpec Parse(string text, string origin = "--user")
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string user = colon < 0 ? text : text[..colon];
        string? group = colon < 0 ? null : text[(colon + 1)..];
        if (user.Length == 0 || group is "")
        {
            throw new CsrunException(
                $"{origin} {Quoted(text)}: the {(user.Length == 0 ? "user" : "group")} is empty",
                "the form is USER[:GROUP], each a name or a number",
                user.Length == 0 ? null : $"leave the colon out to get the group that the image gives the user: --user {Printable(user)}");
        }

        if (group is not null && group.Contains(':', StringComparison.Ordinal))
        {
            throw new CsrunException($"{origin} {Quoted(text)}: more than one colon", "the form is USER[:GROUP], each a name or a number");
        }

        CheckNumber(user, "user", $"{origin} {Quoted(text)}");
        if (group is not null)
        {
            CheckNumber(group, "group", $"{origin} {Quoted(text)}");
        }

        return new UserSpec(user, group);
    }

    /// <summary>As the command line takes it.</summary>
    public override string ToString() => Group is null ? User : $"{User}:{Group}";

    internal static void CheckNumber(string part, string kind, string where)
    {
        ReadOnlySpan<char> digits = part.AsSpan(part[0] is '-' or '+' ? 1 : 0);
        if (!IdNumber.IsAllDigits(digits))
        {
            return;
        }

        if (digits.Length != part.Length)
        {
            throw new CsrunException($"{where}: {Quoted(part)} is not a {kind} ID", "an ID is a decimal number without a sign");
        }

        if (!IdNumber.TryParse(digits, out uint id) || id > MaxId)
        {
            throw new CsrunException($"{where}: {kind} ID {Printable(part)} is too large", $"{kind} IDs in a container end at {MaxId}");
        }
    }

    internal static string Quoted(string text) => $"\"{Printable(text)}\"";

    // An image chooses its USER: what it writes must not reach the terminal as control characters.
    private static string Printable(string text)
    {
        if (text.Length <= 128 && !text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return text;
        }

        System.Text.StringBuilder printable = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, 128)))
        {
            printable.Append(char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString());
        }

        return text.Length > 128 ? printable.Append("...").ToString() : printable.ToString();
    }
}
