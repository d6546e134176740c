using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Csrun.Linux.Tests.Abi;

/// <summary>Every constant and every structure of the kernel or a C library that Csrun.Linux declares, against the C headers.</summary>
/// <remarks>Found by reflection, so that a new one is covered, or fails for want of a header in <see cref="AbiHeaders"/>.</remarks>
public sealed class AbiHeaderTests
{
    private static readonly Assembly s_assembly = typeof(Csrun.Linux.Sys).Assembly;

    public static TheoryData<string> ConstantTypes => [.. FindConstants().Keys.Order(StringComparer.Ordinal)];

    public static TheoryData<string> StructTypes => [.. FindStructs().Keys.Order(StringComparer.Ordinal)];

    [CTheory]
    [MemberData(nameof(ConstantTypes))]
    public void Constants_have_the_headers_values(string type)
    {
        Assert.True(AbiHeaders.Constants.TryGetValue(type, out ConstantHeader? header), $"{type}: name its header in AbiHeaders.Constants");
        if (header.X64Only && RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return;
        }

        List<(string Name, ulong Value, int Size)> constants = FindConstants()[type];
        Assert.NotEmpty(constants);
        StringBuilder c = new("#define _GNU_SOURCE\n");
        foreach (string define in header.Defines)
        {
            c.Append(CultureInfo.InvariantCulture, $"#define {define}\n");
        }

        c.Append("#include <stdio.h>\n#include <linux/version.h>\n");
        Guard(c, header.Headers, header.Optional);
        foreach ((string name, _, _) in constants)
        {
            string macro = header.Prefix + name;
            string expression = header.Expressions.GetValueOrDefault(name, macro);
            string print = $"printf(\"{name} %llu\\n\", (unsigned long long)({expression}));\n";
            if (header.Enumerators)
            {
                c.Append(print);
                continue;
            }

            c.Append(CultureInfo.InvariantCulture, $"#ifdef {macro}\n{print}");
            if (header.Newer.TryGetValue(name, out string? condition))
            {
                c.Append(CultureInfo.InvariantCulture, $"#elif !({condition})\nprintf(\"{name} older\\n\");\n");
            }

            c.Append(CultureInfo.InvariantCulture, $"#else\nprintf(\"{name} missing\\n\");\n#endif\n");
        }

        c.Append("#endif\nreturn 0; }\n");
        Dictionary<string, string> answers = Answers(CProgram.Run(c.ToString()));
        if (answers.ContainsKey("no-header"))
        {
            return; // an optional package that this machine has not
        }

        Assert.All(constants, constant =>
        {
            string answer = answers[constant.Name];
            if (answer != "older")
            {
                Assert.True(ulong.TryParse(answer, out ulong value), $"{constant.Name}: {answer} in {string.Join(", ", header.Headers)}");
                Assert.Equal($"{constant.Name} = {Cut(value, constant.Size)}", $"{constant.Name} = {constant.Value}");
            }
        });
    }

    [CTheory]
    [MemberData(nameof(StructTypes))]
    public void Structures_have_the_headers_layout(string name)
    {
        Assert.True(AbiHeaders.Structs.TryGetValue(name, out StructHeader? header), $"{name}: name its header in AbiHeaders.Structs");
        Type type = FindStructs()[name];
        StringBuilder c = new("#define _GNU_SOURCE\n#include <stddef.h>\n#include <stdint.h>\n#include <sys/types.h>\n#include <stdio.h>\n");
        Guard(c, [header.Header], header.Optional);
        c.Append(CultureInfo.InvariantCulture, $"{header.Type} *s = 0; printf(\"sizeof %zu\\n\", sizeof *s);\n");
        FieldInfo[] fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        foreach (FieldInfo field in fields)
        {
            string member = header.Fields.GetValueOrDefault(field.Name, header.Prefix + field.Name);
            c.Append(CultureInfo.InvariantCulture, $"printf(\"{field.Name} %zu+%zu\\n\", offsetof({header.Type}, {member}), sizeof s->{member});\n");
        }

        c.Append("#endif\nreturn 0; }\n");
        Dictionary<string, string> answers = Answers(CProgram.Run(c.ToString()));
        if (answers.ContainsKey("no-header"))
        {
            return;
        }

        Assert.Equal($"size {answers["sizeof"]}", $"size {SizeOf(type)}");
        Assert.All(fields, field => Assert.Equal(
            $"{field.Name} {answers[field.Name]}", $"{field.Name} {Marshal.OffsetOf(type, field.Name)}+{SizeOf(field.FieldType)}"));
    }

    [Fact]
    public void The_tables_name_no_type_that_is_gone()
    {
        Assert.Empty(AbiHeaders.Constants.Keys.Except(FindConstants().Keys));
        // subid_range and the like belong to other folders and may move; those of Abi/ may not vanish unnoticed.
        Assert.Empty(AbiHeaders.Structs.Keys.Except(FindStructs().Keys));
    }

    [CFact]
    public void A_wrong_value_would_be_seen() =>
        Assert.Equal("CAP_BPF 39\n", CProgram.Run("#include <stdio.h>\n#include <linux/capability.h>\nint main(void) { printf(\"CAP_BPF %d\\n\", CAP_BPF); }"));

    // Enums of Csrun.Linux.Abi and the Scmp ones, the two tables of system call numbers, and constants of Sys in C's spelling.
    private static Dictionary<string, List<(string Name, ulong Value, int Size)>> FindConstants()
    {
        Dictionary<string, List<(string, ulong, int)>> found = [];
        foreach (Type type in s_assembly.GetTypes())
        {
            bool isEnum = type.IsEnum && (type.Namespace == "Csrun.Linux.Abi" || type.Name.StartsWith("Scmp", StringComparison.Ordinal));
            if (isEnum || type.Name is "SyscallX64" or "SyscallArm64" or "Sys")
            {
                found[type.Name] = [.. type
                    .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                    .Where(f => f.IsLiteral && f.Name != "None" && (type.Name != "Sys" || Regex.IsMatch(f.Name, "^[A-Z][A-Z0-9]*_[A-Z0-9_]+$")))
                    .Select(f => Constant(f.Name, f.GetRawConstantValue()!))];
            }
        }

        return found;
    }

    // Whatever has public fields is laid out for somebody else; csrun's own values are records.
    private static Dictionary<string, Type> FindStructs() => s_assembly.GetTypes()
        .Where(t => t.IsValueType && !t.IsEnum && !t.Name.Contains('<', StringComparison.Ordinal) && !AbiHeaders.Own.Contains(t.Name))
        .Where(t => t.GetFields(BindingFlags.Public | BindingFlags.Instance).Length > 0)
        .ToDictionary(t => t.Name);

    private static (string Name, ulong Value, int Size) Constant(string name, object value)
    {
        int size = Marshal.SizeOf(value);
        ulong bits = value is ulong u ? u : unchecked((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
        return (name, Cut(bits, size), size);
    }

    private static ulong Cut(ulong value, int size) => size == 8 ? value : value & ((1UL << (size * 8)) - 1);

    private static int SizeOf(Type type) => type.IsPointer ? nint.Size : Marshal.SizeOf(type);

    private static void Guard(StringBuilder c, string[] headers, bool optional)
    {
        c.Append(CultureInfo.InvariantCulture, $"#if {(optional ? $"!__has_include(<{headers[0]}>)" : "0")}\nint main(void) {{ puts(\"no-header x\"); return 0;\n#else\n");
        foreach (string header in headers)
        {
            c.Append(CultureInfo.InvariantCulture, $"#include <{header}>\n");
        }

        c.Append("int main(void) {\n");
    }

    private static Dictionary<string, string> Answers(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
