namespace Csrun.Linux.Tests.Abi;

/// <summary>Which header declares what Csrun.Linux declares. An enum or structure of the kernel that is not named here fails the tests.</summary>
internal static class AbiHeaders
{
    /// <summary>By the type's name; the constants' names are the C names.</summary>
    internal static readonly Dictionary<string, ConstantHeader> Constants = new()
    {
        ["Capability"] = new(["linux/capability.h"]),
        ["CloneFlags"] = new(["linux/sched.h"]),
        ["BpfCommand"] = new(["linux/bpf.h"]) { Enumerators = true },
        ["BpfType"] = new(["linux/bpf.h"]) { Enumerators = true },
        ["Errno"] = new(["errno.h"]),
        ["FlockOperation"] = new(["sys/file.h"]),
        ["FsconfigCommand"] = new(["linux/mount.h"]) { Enumerators = true },
        ["MountAttr"] = new(["linux/mount.h"]),
        ["MountFlags"] = new(["linux/mount.h"]),
        ["MoveMountFlags"] = new(["linux/mount.h"]),
        ["OpenFlags"] = new(["fcntl.h"]) { X64Only = true },
        ["OpenTreeFlags"] = new(["fcntl.h", "linux/mount.h"]),
        ["PrctlOption"] = new(["sys/prctl.h"]),
        ["ResolveFlags"] = new(["linux/openat2.h"]),
        ["SeccompFilterFlags"] = new(["linux/seccomp.h"]),
        ["Signal"] = new(["signal.h"]),
        ["UmountFlags"] = new(["sys/mount.h"]),

        ["Sys"] = new(["fcntl.h", "sys/mman.h", "linux/memfd.h", "linux/bpf.h"]) { Newer = { ["MFD_EXEC"] = "LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)" } },

        ["ScmpAct"] = new(["seccomp.h"])
        {
            Optional = true,
            Expressions = { ["SCMP_ACT_ERRNO"] = "SCMP_ACT_ERRNO(0)", ["SCMP_ACT_TRACE"] = "SCMP_ACT_TRACE(0)" },
        },
        ["ScmpArch"] = new(["seccomp.h"])
        {
            Optional = true,
            Newer =
            {
                ["SCMP_ARCH_LOONGARCH64"] = LibSeccomp26, ["SCMP_ARCH_M68K"] = LibSeccomp26,
                ["SCMP_ARCH_SH"] = LibSeccomp26, ["SCMP_ARCH_SHEB"] = LibSeccomp26,
            },
        },
        ["ScmpCompare"] = new(["seccomp.h"]) { Optional = true, Enumerators = true },

        ["SyscallX64"] = new(["asm/unistd.h"]) { Prefix = "__NR_", X64Only = true, Newer = NewCalls() },
        // What arm64's own asm/unistd.h asks the generic table for.
        ["SyscallArm64"] = new(["asm-generic/unistd.h"])
        {
            Prefix = "__NR_",
            Defines = ["__ARCH_WANT_RENAMEAT", "__ARCH_WANT_NEW_STAT", "__ARCH_WANT_SET_GET_RLIMIT", "__ARCH_WANT_TIME32_SYSCALLS",
                "__ARCH_WANT_SYS_CLONE3", "__ARCH_WANT_MEMFD_SECRET"],
            Newer = NewCalls(),
        },
    };

    /// <summary>By the type's name; field names are the C names with the prefix in front.</summary>
    internal static readonly Dictionary<string, StructHeader> Structs = new()
    {
        ["FileStat"] = new("linux/stat.h", "struct statx", "stx_"),
        ["FileTime"] = new("linux/stat.h", "struct statx_timestamp", "tv_"),
        ["FileSystemStat"] = new("sys/vfs.h", "struct statfs", "f_"),
        ["OpenHow"] = new("linux/openat2.h", "struct open_how"),
        ["CloneArgs"] = new("linux/sched.h", "struct clone_args"),
        ["MsgHdr"] = new("sys/socket.h", "struct msghdr"),
        ["IoVec"] = new("sys/uio.h", "struct iovec"),
        ["Passwd"] = new("pwd.h", "struct passwd"),
        ["AddrInfo"] = new("netdb.h", "struct addrinfo", "ai_"),
        ["ScmpArgCmp"] = new("seccomp.h", "struct scmp_arg_cmp") { Optional = true },
        ["ScmpVersion"] = new("seccomp.h", "struct scmp_version") { Optional = true },
        ["LzmaStream"] = new("lzma.h", "lzma_stream") { Optional = true },
        ["InBuffer"] = new("zstd.h", "ZSTD_inBuffer") { Optional = true },
        ["OutBuffer"] = new("zstd.h", "ZSTD_outBuffer") { Optional = true },
        ["SubIdRange"] = new("shadow/subid.h", "struct subid_range") { Optional = true },
    };

    /// <summary>Structures of csrun's own, which no header knows.</summary>
    internal static readonly HashSet<string> Own = ["RawHeader", "RawOp", "InterpreterCalls"];

    private const string LibSeccomp26 = "SCMP_VER_MAJOR > 2 || SCMP_VER_MINOR >= 6";

    private static Dictionary<string, string> NewCalls() => new()
    {
        ["fchmodat2"] = Kernel(6, 6),
        ["statmount"] = Kernel(6, 8),
        ["listmount"] = Kernel(6, 8),
        ["open_tree_attr"] = Kernel(6, 15),
    };

    private static string Kernel(int major, int minor) => $"LINUX_VERSION_CODE >= {(major << 16) + (minor << 8)}";
}

/// <summary>Where constants are declared.</summary>
internal sealed record ConstantHeader(string[] Headers)
{
    /// <summary>What stands before a constant's name in C.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Whether C declares them in an enum, where the preprocessor does not see them.</summary>
    public bool Enumerators { get; init; }

    /// <summary>Whether the headers belong to a package that need not be installed.</summary>
    public bool Optional { get; init; }

    /// <summary>Whether the values are those of x86-64.</summary>
    public bool X64Only { get; init; }

    /// <summary>Macros to define first.</summary>
    public string[] Defines { get; init; } = [];

    /// <summary>C expressions for constants that are no plain macro.</summary>
    public Dictionary<string, string> Expressions { get; init; } = [];

    /// <summary>Constants that older headers lack, with the condition under which the headers must have them.</summary>
    public Dictionary<string, string> Newer { get; init; } = [];
}

/// <summary>Where a structure is declared.</summary>
internal sealed record StructHeader(string Header, string Type, string Prefix = "")
{
    /// <summary>Whether the header belongs to a package that need not be installed.</summary>
    public bool Optional { get; init; }

    /// <summary>Fields that are called otherwise in C.</summary>
    public Dictionary<string, string> Fields { get; init; } = [];
}
