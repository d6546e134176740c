using System.Collections.Immutable;

namespace Csrun.Linux.Bpf;

/// <summary>Device rules as a BPF program of type BPF_PROG_TYPE_CGROUP_DEVICE: what the devices controller of version 1 is for control groups version 2.</summary>
/// <remarks>
/// The kernel calls it with struct bpf_cgroup_dev_ctx (linux/bpf.h): access_type (wanted access in the upper half, kind of device in the
/// lower), major, minor. It answers 1 to allow. Rules are exceptions from one answer, so their order does not matter.
/// </remarks>
public static class DeviceProgram
{
    private const byte LdxW = 0x61; // BPF_LDX | BPF_MEM | BPF_W
    private const byte And32 = 0x54; // BPF_ALU | BPF_AND | BPF_K
    private const byte Rsh32 = 0x74; // BPF_ALU | BPF_RSH | BPF_K
    private const byte Mov = 0xb7; // BPF_ALU64 | BPF_MOV | BPF_K
    private const byte MovX32 = 0xbc; // BPF_ALU | BPF_MOV | BPF_X
    private const byte JumpIfEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    private const byte JumpIfNot = 0x55; // BPF_JMP | BPF_JNE | BPF_K
    private const byte JumpIfNotX = 0x5d; // BPF_JMP | BPF_JNE | BPF_X
    private const byte Exit = 0x95;

    private const int Kind = 2, Access = 3, Major = 4, Minor = 5; // registers
    private const int Block = 1, Char = 2; // BPF_DEVCG_DEV_*

    /// <summary>Makes the program.</summary>
    /// <param name="allowByDefault">What it answers for a device that no exception names.</param>
    /// <param name="exceptions">The exceptions.</param>
    /// <returns>Instructions: struct bpf_insn, 64 bits each (code 8, dst 4, src 4, offset 16, imm 32).</returns>
    public static ImmutableArray<ulong> Make(bool allowByDefault, ImmutableArray<DeviceRule> exceptions)
    {
        ImmutableArray<ulong>.Builder program = ImmutableArray.CreateBuilder<ulong>();
        program.Add(Instruction(LdxW, Kind, 1, 0));
        program.Add(Instruction(MovX32, Access, Kind));
        program.Add(Instruction(And32, Kind, imm: 0xffff));
        program.Add(Instruction(Rsh32, Access, imm: 16));
        program.Add(Instruction(LdxW, Major, 1, 4));
        program.Add(Instruction(LdxW, Minor, 1, 8));
        foreach (DeviceRule rule in exceptions)
        {
            Add(program, rule, allowByDefault);
        }

        program.Add(Instruction(Mov, 0, imm: allowByDefault ? 1 : 0));
        program.Add(Instruction(Exit));
        return program.ToImmutable();
    }

    private static void Add(ImmutableArray<ulong>.Builder program, DeviceRule rule, bool allowByDefault)
    {
        List<(byte Code, int Left, int Right, int Imm)> tests = [];
        if (rule.Type != 'a')
        {
            tests.Add((JumpIfNot, Kind, 0, rule.Type == 'b' ? Block : Char));
        }

        if (rule.Access != DeviceRule.All)
        {
            // Register 1, the context, is not needed any more. An allowance has to cover all that is wanted, a denial only a part of it.
            tests.Add((MovX32, 1, Access, 0));
            tests.Add((And32, 1, 0, rule.Access));
            tests.Add(allowByDefault ? (JumpIfEqual, 1, 0, 0) : (JumpIfNotX, 1, Access, 0));
        }

        if (rule.Major is { } major)
        {
            tests.Add((JumpIfNot, Major, 0, (int)major));
        }

        if (rule.Minor is { } minor)
        {
            tests.Add((JumpIfNot, Minor, 0, (int)minor));
        }

        for (int i = 0; i < tests.Count; i++)
        {
            (byte code, int left, int right, int imm) = tests[i];
            bool jump = code is JumpIfNot or JumpIfNotX or JumpIfEqual;
            // Over the other tests, the answer and the exit, to the next rule.
            program.Add(Instruction(code, left, right, jump ? tests.Count - i + 1 : 0, imm));
        }

        program.Add(Instruction(Mov, 0, imm: allowByDefault ? 0 : 1));
        program.Add(Instruction(Exit));
    }

    private static ulong Instruction(byte code, int dst = 0, int src = 0, int offset = 0, int imm = 0) =>
        code | ((ulong)(uint)dst << 8) | ((ulong)(uint)src << 12) | ((ulong)(ushort)(short)offset << 16) | ((ulong)(uint)imm << 32);
}
