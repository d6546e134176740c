using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Seccomp;

namespace Csrun.Linux.Tests.Seccomp;

/// <summary>Runs a seccomp program as the kernel does (linux/filter.h, seccomp(2)): what would the answer to a call be?</summary>
internal sealed class BpfMachine(ReadOnlyMemory<byte> program)
{
    internal const uint X32Bit = 0x40000000;
    internal const uint KillThread = 0;

    internal static uint Allow => (uint)ScmpAct.SCMP_ACT_ALLOW;

    internal static uint Fails(Errno errno) => (uint)ScmpAct.SCMP_ACT_ERRNO | (uint)errno;

    internal uint Run(uint auditArch, uint nr, params ulong[] args)
    {
        byte[] data = new byte[64]; // struct seccomp_data
        BinaryPrimitives.WriteUInt32LittleEndian(data, nr);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), auditArch);
        for (int i = 0; i < args.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (8 * i)), args[i]);
        }

        ReadOnlySpan<byte> code = program.Span;
        uint a = 0;
        uint x = 0;
        uint[] memory = new uint[16];
        for (int pc = 0; pc < code.Length / 8; pc++)
        {
            ReadOnlySpan<byte> i = code.Slice(pc * 8, 8);
            ushort op = MemoryMarshal.Read<ushort>(i);
            uint k = MemoryMarshal.Read<uint>(i[4..]);
            switch (op)
            {
                case 0x20: // ld [k]
                    a = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)k));
                    break;
                case 0x05: // ja
                    pc += (int)k;
                    break;
                case 0x15: // jeq
                    pc += a == k ? i[2] : i[3];
                    break;
                case 0x25: // jgt
                    pc += a > k ? i[2] : i[3];
                    break;
                case 0x35: // jge
                    pc += a >= k ? i[2] : i[3];
                    break;
                case 0x45: // jset
                    pc += (a & k) != 0 ? i[2] : i[3];
                    break;
                case 0x54: // and
                    a &= k;
                    break;
                case 0x02: // st
                    memory[k] = a;
                    break;
                case 0x60: // ld M[k]
                    a = memory[k];
                    break;
                case 0x07: // tax
                    x = a;
                    break;
                case 0x87: // txa
                    a = x;
                    break;
                case 0x06: // ret
                    return k;
                default:
                    throw new InvalidOperationException($"instruction {pc}: unknown code {op:x}");
            }
        }

        throw new InvalidOperationException("the program ends without a return");
    }
}
