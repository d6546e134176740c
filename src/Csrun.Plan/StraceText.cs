using System.Text;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Plan;

/// <summary>Lines of system calls in the form of strace(1).</summary>
/// <remarks>Where strace prints a structure that nobody reads, the line has <c>...</c>; the test that compares plan and run stops there.</remarks>
public sealed class StraceText
{
    private readonly List<string> _calls = [];
    private readonly List<string> _lines = [];

    /// <summary>The calls so far, one for each that the kernel sees.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>What people read: each call with the slot that takes its result, <c>openat2(...) = &lt;rootfs&gt;</c>, and comments.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds a call with its arguments as strace prints them.</summary>
    public void Call(string name, params ReadOnlySpan<string> args) => Call(null, name, args);

    /// <summary>Adds a call whose result a slot takes.</summary>
    public void Call(FdSlot? result, string name, params ReadOnlySpan<string> args)
    {
        string call = $"{name}({string.Join(", ", args)})";
        _calls.Add(call);
        _lines.Add(result is { } slot ? $"{call} = {slot}" : call);
    }

    /// <summary>Adds a remark: what happens besides the child's own calls.</summary>
    public void Comment(string text) => _lines.Add($"# {text}");

    /// <summary>A string in strace's quotes: double quotes, C escapes.</summary>
    public static string Quote(string? text)
    {
        if (text is null)
        {
            return "NULL";
        }

        StringBuilder quoted = new(text.Length + 2);
        quoted.Append('"');
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            // A digit that follows would read as part of a short octal number.
            bool digitFollows = i + 1 < bytes.Length && bytes[i + 1] is >= (byte)'0' and <= (byte)'9';
            _ = b switch
            {
                (byte)'"' => quoted.Append("\\\""),
                (byte)'\\' => quoted.Append("\\\\"),
                (byte)'\n' => quoted.Append("\\n"),
                (byte)'\t' => quoted.Append("\\t"),
                (byte)'\r' => quoted.Append("\\r"),
                (byte)'\v' => quoted.Append("\\v"),
                (byte)'\f' => quoted.Append("\\f"),
                < 0x20 or > 0x7e => quoted.Append('\\').Append(digitFollows ? Convert.ToString(b, 8).PadLeft(3, '0') : Convert.ToString(b, 8)),
                _ => quoted.Append((char)b),
            };
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A directory descriptor: a slot, or the current directory.</summary>
    public static string Dir(FdSlot? slot) => slot?.ToString() ?? "AT_FDCWD";

    /// <summary>Capabilities as strace prints a set of them: <c>1&lt;&lt;CAP_CHOWN|1&lt;&lt;CAP_KILL</c>, or 0.</summary>
    public static string Capabilities(ulong mask)
    {
        StringBuilder text = new();
        for (int cap = 0; cap < 64; cap++)
        {
            if ((mask >> cap & 1) != 0)
            {
                text.Append(text.Length == 0 ? "" : "|").Append("1<<").Append((Capability)cap);
            }
        }

        return text.Length == 0 ? "0" : text.ToString();
    }

    /// <summary>A resource limit as strace prints it: multiples of 1024 as such.</summary>
    public static string Limit(ulong value) => value switch
    {
        ulong.MaxValue => "RLIM64_INFINITY",
        > 1024 when value % 1024 == 0 => $"{value / 1024}*1024",
        _ => value.ToString(),
    };

    /// <summary>Flags joined by a bar, or 0.</summary>
    public static string Flags<T>(T value) where T : struct, Enum =>
        EqualityComparer<T>.Default.Equals(value, default) ? "0" : value.ToString().Replace(", ", "|", StringComparison.Ordinal);
}
