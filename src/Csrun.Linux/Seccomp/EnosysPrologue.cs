using System.Runtime.InteropServices;
using Csrun.Linux.Abi;

namespace Csrun.Linux.Seccomp;

/// <summary>Instructions in front of libseccomp's: a call with a higher number than any the profile names answers ENOSYS.</summary>
/// <remarks>A profile cannot name the calls of kernels to come. A C library that tries such a call first falls back on ENOSYS,
/// and gives up on the EPERM that an allow list's default action answers. runc does the same (libcontainer/seccomp/patchbpf).</remarks>
internal static class EnosysPrologue
{
    // Offsets in struct seccomp_data (linux/seccomp.h).
    private const uint OffsetNr = 0;
    private const uint OffsetArch = 4;

    // linux/bpf_common.h and linux/filter.h.
    private const ushort BPF_LD_W_ABS = 0x20;
    private const ushort BPF_JMP_JA = 0x05;
    private const ushort BPF_JMP_JEQ_K = 0x15;
    private const ushort BPF_JMP_JGT_K = 0x25;
    private const ushort BPF_JMP_JGE_K = 0x35;
    private const ushort BPF_RET_K = 0x06;

    /// <summary>Calls of x32 are those of x86-64 with this bit (asm/unistd.h, __X32_SYSCALL_BIT).</summary>
    private const uint X32Bit = 0x40000000;

    /// <summary>The program with the prologue, or as it is when its default action lets calls through or is ENOSYS already.</summary>
    internal static byte[] Prepend(SeccompProfile profile, LibSeccomp library, byte[] program)
    {
        bool permissive = profile.DefaultAction is ScmpAct.SCMP_ACT_ALLOW or ScmpAct.SCMP_ACT_LOG;
        bool enosys = profile.DefaultAction == ScmpAct.SCMP_ACT_ERRNO && profile.DefaultErrnoRet == (ushort)Errno.ENOSYS;
        if (permissive || enosys)
        {
            return program;
        }

        List<ScmpArch> archs = [library.Native];
        foreach (ScmpArch arch in profile.Architectures)
        {
            if (!archs.Contains(arch))
            {
                archs.Add(arch);
            }
        }

        List<(ushort Code, byte Jt, byte Jf, uint K)> code = [(BPF_LD_W_ABS, 0, 0, OffsetArch)];
        foreach (ScmpArch arch in archs)
        {
            // x32 shares the audit architecture of x86-64 and is handled with it.
            if (arch != ScmpArch.SCMP_ARCH_X32)
            {
                AddArch(code, arch, archs.Contains(ScmpArch.SCMP_ARCH_X32), profile, library);
            }
        }

        byte[] whole = new byte[(code.Count * SeccompFilter.InstructionSize) + program.Length];
        for (int i = 0; i < code.Count; i++)
        {
            Span<byte> slot = whole.AsSpan(i * SeccompFilter.InstructionSize, SeccompFilter.InstructionSize);
            MemoryMarshal.Write(slot, code[i].Code);
            slot[2] = code[i].Jt;
            slot[3] = code[i].Jf;
            uint k = code[i].K;
            MemoryMarshal.Write(slot[4..], k);
        }

        program.CopyTo(whole, code.Count * SeccompFilter.InstructionSize);
        return whole;
    }

    // Each block is entered with the architecture in the accumulator and left by ret, or at its end with the architecture there again.
    private static void AddArch(
        List<(ushort Code, byte Jt, byte Jf, uint K)> code, ScmpArch arch, bool x32, SeccompProfile profile, LibSeccomp library)
    {
        uint last = LastCall(profile, library, arch);
        uint lastX32 = x32 && arch == ScmpArch.SCMP_ARCH_X86_64 ? LastCall(profile, library, ScmpArch.SCMP_ARCH_X32) : 0;
        if (last == 0)
        {
            return; // no rule for this architecture: nothing to tell old calls from new ones by
        }

        List<(ushort Code, byte Jt, byte Jf, uint K)> block = [(BPF_LD_W_ABS, 0, 0, OffsetNr)];
        if (arch == ScmpArch.SCMP_ARCH_X86_64)
        {
            // Without x32 among the architectures libseccomp's own program refuses its calls: left to it.
            if (lastX32 == 0)
            {
                block.Add((BPF_JMP_JGE_K, 2, 0, X32Bit));
                block.Add((BPF_JMP_JGT_K, 0, 1, last));
            }
            else
            {
                block.Add((BPF_JMP_JGE_K, 1, 0, X32Bit));
                block.Add((BPF_JMP_JGT_K, 1, 2, last));
                block.Add((BPF_JMP_JGT_K, 0, 1, lastX32));
            }
        }
        else
        {
            block.Add((BPF_JMP_JGT_K, 0, 1, last));
        }

        block.Add((BPF_RET_K, 0, 0, (uint)ScmpAct.SCMP_ACT_ERRNO | (uint)Errno.ENOSYS));
        // Back to the architecture for the blocks that follow; they do not match.
        block.Add((BPF_LD_W_ABS, 0, 0, OffsetArch));
        code.Add((BPF_JMP_JEQ_K, 0, (byte)block.Count, (uint)arch));
        code.AddRange(block);
    }

    private static uint LastCall(SeccompProfile profile, LibSeccomp library, ScmpArch arch)
    {
        int last = 0;
        foreach (SeccompRule rule in profile.Rules)
        {
            foreach (string name in rule.Names)
            {
                last = Math.Max(last, library.Resolve(name, arch));
            }
        }

        return (uint)last;
    }
}
