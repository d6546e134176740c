using System.Globalization;
using System.Text.RegularExpressions;
using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>Reads what a function of a stripped binary calls: its symbols come from the .dbg file, its code from the binary.</summary>
public static partial class MachineCode
{
    /// <summary>One function: where it starts and how long it is.</summary>
    public sealed record Function(string Name, ulong Address, ulong Size);

    /// <summary>The functions whose symbol matches.</summary>
    public static IReadOnlyList<Function> Functions(string symbolsFile, string pattern)
    {
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        return
        [
            .. Symbols(symbolsFile).Where(symbol => symbol.IsFunction && symbol.Function.Size > 0 && regex.IsMatch(symbol.Function.Name))
                .Select(symbol => symbol.Function).DistinctBy(function => function.Address),
        ];
    }

    /// <summary>Everything the function can go to outside itself: names of call and jump targets, or the operand of an indirect one.</summary>
    public static IReadOnlyList<string> Leaves(string binary, string symbolsFile, Function function)
    {
        Dictionary<ulong, string> names = Names(symbolsFile);
        SortedSet<string> leaves = new(StringComparer.Ordinal);
        foreach (string line in Instructions(binary, function))
        {
            Match match = Transfer().Match(line);
            if (!match.Success)
            {
                continue;
            }

            string operand = match.Groups["operand"].Value.Trim();
            Match direct = DirectTarget().Match(operand);
            if (!direct.Success)
            {
                // call *0x1234(%rip)  # 5678 <syscall@GLIBC_2.2.5>: through the table of a library's functions.
                Match named = NamedSlot().Match(operand);
                leaves.Add(named.Success ? named.Groups["name"].Value : "indirect: " + operand);
                continue;
            }

            ulong target = Hex(direct.Groups["address"]);
            if (target < function.Address || target >= function.Address + function.Size)
            {
                string label = direct.Groups["label"].Value;
                leaves.Add(label.EndsWith("@plt", StringComparison.Ordinal) ? label : names.GetValueOrDefault(target, label));
            }
        }

        return [.. leaves];
    }

    /// <summary>Everything in the binary that the function reads, writes or takes the address of, other than code it goes to: names, or
    /// addresses where there is no name. x86-64 only: AArch64 puts addresses together in pieces, and there the list is empty.</summary>
    public static IReadOnlyList<string> Data(string binary, string symbolsFile, Function function)
    {
        Dictionary<ulong, string> names = Names(symbolsFile);
        (ulong first, ulong last) = (names.Keys.Where(address => address > 0xffff).Min(), names.Keys.Max());
        SortedSet<string> data = new(StringComparer.Ordinal);
        foreach (string line in Instructions(binary, function))
        {
            if (Transfer().IsMatch(line))
            {
                continue;
            }

            // "# 91e200 <...>" behind an operand relative to the program counter; else an absolute address, or one as a constant.
            Match relative = RelativeTarget().Match(line);
            foreach (ulong address in relative.Success ? [Hex(relative.Groups["address"])] : Numbers().Matches(line).Select(match => Hex(match.Groups["number"])))
            {
                if (address >= first && address <= last)
                {
                    data.Add(names.GetValueOrDefault(address, Address(address)));
                }
            }
        }

        return [.. data];
    }

    private static string[] Instructions(string binary, Function function) => Tool.Check(
        "objdump", "-d", "--no-show-raw-insn", "--start-address=" + Address(function.Address), "--stop-address=" + Address(function.Address + function.Size), binary).Split('\n');

    private static Dictionary<ulong, string> Names(string symbolsFile)
    {
        Dictionary<ulong, string> names = [];
        foreach ((Function symbol, _) in Symbols(symbolsFile))
        {
            names.TryAdd(symbol.Address, symbol.Name); // the runtime's assembly routines are labels only
        }

        return names;
    }

    private static IEnumerable<(Function Function, bool IsFunction)> Symbols(string symbolsFile) =>
        Tool.Check("objdump", "-t", symbolsFile).Split('\n').Select(line => SymbolLine().Match(line)).Where(match => match.Success).Select(match =>
            (new Function(match.Groups["name"].Value, Hex(match.Groups["address"]), Hex(match.Groups["size"])), match.Groups["kind"].Value == "F"));

    private static string Address(ulong address) => "0x" + address.ToString("x", CultureInfo.InvariantCulture);

    private static ulong Hex(Capture capture) => ulong.Parse(capture.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<address>[0-9a-f]{16}) .{6}(?<kind>.) (?<section>\S+)\s+(?<size>[0-9a-f]{16})\s+(?:\.hidden )?(?<name>\S+)$")]
    private static partial Regex SymbolLine();

    // x86-64: call, jmp, jcc. AArch64: bl, blr, b, br, b.cond, cbz, tbz.
    [GeneratedRegex(@"^\s*[0-9a-f]+:\s+(?:bnd |notrack )?(?:call[a-z]*|j[a-z]+|bl|blr|b|br|b\.[a-z]+|cbn?z|tbn?z)\s+(?<operand>.*)$")]
    private static partial Regex Transfer();

    [GeneratedRegex(@"^(?:[wx]\d+, )?(?:#\d+, )?(?<address>[0-9a-f]+)(?: <(?<label>[^>]*)>)?$")]
    private static partial Regex DirectTarget();

    [GeneratedRegex(@"# [0-9a-f]+ <(?<name>[^>]+)>$")]
    private static partial Regex NamedSlot();

    [GeneratedRegex(@"\(%rip\).*# (?<address>[0-9a-f]+)(?: <.*>)?$")]
    private static partial Regex RelativeTarget();

    // $0x91e200 or 0x91e200, but no distance from a register such as 0x10(%rax).
    [GeneratedRegex(@"(?<![-0-9a-z])\$?0x(?<number>[0-9a-f]{1,16})\b(?!\()")]
    private static partial Regex Numbers();
}
