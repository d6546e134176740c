using Csrun.Integration.Tests.Harness;

namespace Csrun.Integration.Tests;

/// <summary>The machine-code gate: what runs in the child after clone3, or before the runtime is there, must never enter the runtime.</summary>
public sealed class MachineCodeTests
{
    private const string Interpreter = "^Csrun_Linux_Csrun_Linux_Child_Interpreter__";

    private const string EarlyStart = "^Csrun_Linux_Csrun_Linux_Start_EarlyStart__";

    private static readonly string[] s_allowed = ["syscall", "__errno_location", "RhpGcPoll"];
    private static readonly string[] s_expected = ["CloneAndRun", "Fail", "ForkInit", "ForkSibling", "Run", "RunProgram", "SeccompListen"];

    [UserFact(Needs = Need.Objdump)]
    public void The_interpreter_only_leaves_for_system_calls() => OnlySystemCalls(Interpreter, s_expected, "syscall");

    [UserFact(Needs = Need.Objdump)]
    public void The_early_start_only_leaves_for_system_calls() => OnlySystemCalls(EarlyStart, ["Start", "StartsContainers"], "syscall", "EarlyStart__StartsContainers");

    /// <param name="zone">The functions.</param>
    /// <param name="expected">Their names.</param>
    /// <param name="seen">What at least one of them leaves for: the disassembly is theirs.</param>
    private static void OnlySystemCalls(string zone, string[] expected, params string[] seen)
    {
        IReadOnlyList<MachineCode.Function> functions = MachineCode.Functions(Host.CsrunSymbols, zone);
        Assert.Equal(expected, functions.Select(function => function.Name[(function.Name.LastIndexOf("__", StringComparison.Ordinal) + 2)..]).Order(StringComparer.Ordinal));
        List<string> all = [];
        List<string> offences = [];
        foreach (MachineCode.Function function in functions)
        {
            IReadOnlyList<string> leaves = MachineCode.Leaves(Host.Csrun, Host.CsrunSymbols, function);
            offences.AddRange(leaves.Where(leaf => !functions.Any(other => other.Name == leaf) && !s_allowed.Contains(leaf.Split('@')[0])).Select(leaf => $"{function.Name} goes to {leaf}"));
            all.AddRange(leaves);
        }

        Assert.All(seen, name => Assert.Contains(all, leaf => leaf.Contains(name, StringComparison.Ordinal)));
        Assert.True(offences.Count == 0, "nothing but system calls may be made:\n" + string.Join('\n', offences));
    }

    // A static, a string or an array of the binary's own could need a class constructor or a garbage collector's card table.
    [UserTheory(Needs = Need.Objdump)]
    [InlineData(Interpreter)]
    [InlineData(EarlyStart)]
    public void No_data_is_touched_but_the_flag_of_the_polls(string zone)
    {
        foreach (MachineCode.Function function in MachineCode.Functions(Host.CsrunSymbols, zone))
        {
            string[] data = [.. MachineCode.Data(Host.Csrun, Host.CsrunSymbols, function).Where(name => name != "RhpTrapThreads")];
            Assert.True(data.Length == 0, $"{function.Name} uses {string.Join(", ", data)}");
        }
    }

    // What it grows by is code that runs between clone3 and execve: look at it before raising this.
    [UserFact(Needs = Need.Objdump)]
    public void The_interpreter_is_small() =>
        Assert.InRange(MachineCode.Functions(Host.CsrunSymbols, Interpreter).Sum(function => (long)function.Size), 600, 3500);

    // The checker itself: a function that allocates must be seen to leave for the runtime.
    [UserFact(Needs = Need.Objdump)]
    public void The_check_sees_a_function_that_enters_the_runtime()
    {
        MachineCode.Function start = MachineCode.Functions(Host.CsrunSymbols, "^Csrun_Linux_Csrun_Linux_Child_ClonedChild__Start$")[0];
        IReadOnlyList<string> leaves = MachineCode.Leaves(Host.Csrun, Host.CsrunSymbols, start);
        Assert.Contains(leaves, leaf => leaf.StartsWith("Rhp", StringComparison.Ordinal)); // an allocation, a throw
        Assert.Contains(MachineCode.Data(Host.Csrun, Host.CsrunSymbols, start), name => name != "RhpTrapThreads"); // strings of its messages
        Assert.Contains(leaves, leaf => leaf.EndsWith("Interpreter__CloneAndRun", StringComparison.Ordinal)); // and names are right
    }
}
