namespace Csrun.Linux.Seccomp;

/// <summary>Architectures of a filter (seccomp.h): the AUDIT_ARCH_ numbers of linux/audit.h, and libseccomp's own for x32.</summary>
#pragma warning disable CS1591 // seccomp_arch_add(3)
public enum ScmpArch : uint
{
    SCMP_ARCH_X86 = 0x40000003,
    SCMP_ARCH_X86_64 = 0xc000003e,
    SCMP_ARCH_X32 = 0x4000003e,
    SCMP_ARCH_ARM = 0x40000028,
    SCMP_ARCH_AARCH64 = 0xc00000b7,
    SCMP_ARCH_M68K = 0x00000004,
    SCMP_ARCH_MIPS = 0x00000008,
    SCMP_ARCH_MIPS64 = 0x80000008,
    SCMP_ARCH_MIPS64N32 = 0xa0000008,
    SCMP_ARCH_MIPSEL = 0x40000008,
    SCMP_ARCH_MIPSEL64 = 0xc0000008,
    SCMP_ARCH_MIPSEL64N32 = 0xe0000008,
    SCMP_ARCH_PPC = 0x00000014,
    SCMP_ARCH_PPC64 = 0x80000015,
    SCMP_ARCH_PPC64LE = 0xc0000015,
    SCMP_ARCH_S390 = 0x00000016,
    SCMP_ARCH_S390X = 0x80000016,
    SCMP_ARCH_SH = 0x4000002a,
    SCMP_ARCH_SHEB = 0x0000002a,
    SCMP_ARCH_PARISC = 0x0000000f,
    SCMP_ARCH_PARISC64 = 0x8000000f,
    SCMP_ARCH_RISCV64 = 0xc00000f3,
    SCMP_ARCH_LOONGARCH64 = 0xc0000102,
}
#pragma warning restore CS1591
