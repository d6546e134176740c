using System.Runtime.InteropServices;
using System.Text;

namespace Csrun.Linux.Seccomp;

/// <summary>The functions of libseccomp.so.2 that csrun uses, found at run time: the binary starts, and runs with a cached
/// filter or with <c>seccomp=unconfined</c>, on a machine that has no libseccomp.</summary>
internal sealed unsafe class LibSeccomp
{
    internal const string FileName = "libseccomp.so.2";

    /// <summary>What seccomp_syscall_resolve_name(3) answers for a name it does not know (__NR_SCMP_ERROR).</summary>
    internal const int UnknownCall = -1;

    internal readonly delegate* unmanaged<uint, nint> Init;
    internal readonly delegate* unmanaged<nint, void> Release;
    internal readonly delegate* unmanaged<nint, uint, int> ArchAdd;
    internal readonly delegate* unmanaged<nint, int, uint, int> AttrSet;
    internal readonly delegate* unmanaged<nint, uint, int, uint, ScmpArgCmp*, int> RuleAddArray;
    internal readonly delegate* unmanaged<nint, int, int> ExportBpf;

    // Since libseccomp 2.6; null before.
    internal readonly delegate* unmanaged<nint, void*, nuint*, int> ExportBpfMem;
    private readonly delegate* unmanaged<byte*, int> _resolveName;
    private readonly delegate* unmanaged<uint, byte*, int> _resolveNameArch;
    private readonly delegate* unmanaged<uint> _archNative;
    private readonly delegate* unmanaged<ScmpVersion*> _version;

    // SAFETY: the signatures are those of seccomp.h of libseccomp 2.5 and 2.6 (the soname keeps them); enums are ints,
    // uint32_t is uint, scmp_filter_ctx is a pointer.
    private LibSeccomp(nint library)
    {
        Init = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(library, "seccomp_init");
        Release = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(library, "seccomp_release");
        ArchAdd = (delegate* unmanaged<nint, uint, int>)NativeLibrary.GetExport(library, "seccomp_arch_add");
        AttrSet = (delegate* unmanaged<nint, int, uint, int>)NativeLibrary.GetExport(library, "seccomp_attr_set");
        RuleAddArray = (delegate* unmanaged<nint, uint, int, uint, ScmpArgCmp*, int>)NativeLibrary.GetExport(library, "seccomp_rule_add_array");
        ExportBpf = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "seccomp_export_bpf");
        ExportBpfMem = NativeLibrary.TryGetExport(library, "seccomp_export_bpf_mem", out nint mem)
            ? (delegate* unmanaged<nint, void*, nuint*, int>)mem
            : null;
        _resolveName = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "seccomp_syscall_resolve_name");
        _resolveNameArch = (delegate* unmanaged<uint, byte*, int>)NativeLibrary.GetExport(library, "seccomp_syscall_resolve_name_arch");
        _archNative = (delegate* unmanaged<uint>)NativeLibrary.GetExport(library, "seccomp_arch_native");
        _version = (delegate* unmanaged<ScmpVersion*>)NativeLibrary.GetExport(library, "seccomp_version");
    }

    /// <summary>Loads the library; it stays loaded.</summary>
    /// <exception cref="CsrunException">There is no usable library of that name.</exception>
    internal static LibSeccomp Load(string fileName = FileName)
    {
        if (!NativeLibrary.TryLoad(fileName, out nint library))
        {
            throw new CsrunException(
                $"seccomp: cannot load {fileName}, which compiles the seccomp profile",
                "dlopen(3) finds no usable library of that name",
                "apt install libseccomp2   (Debian, Ubuntu)\ndnf install libseccomp   (Fedora, RHEL)\n"
                + "apk add libseccomp   (Alpine)\ncsrun run --security-opt seccomp=unconfined ...   (no filter)");
        }

        try
        {
            return new LibSeccomp(library);
        }
        catch (EntryPointNotFoundException e)
        {
            throw new CsrunException(
                $"seccomp: {fileName} is not usable", $"it lacks a function: {e.Message}",
                "install libseccomp 2.4 or newer", inner: e);
        }
    }

    /// <summary>The call's number on this machine; a negative pseudo number when only other architectures have it; <see cref="UnknownCall"/>.</summary>
    internal int Resolve(string name)
    {
        byte[] bytes = ZeroTerminated(name);
        // SAFETY: the name is pinned and zero-terminated; the function only reads it.
        fixed (byte* p = bytes)
        {
            return _resolveName(p);
        }
    }

    /// <summary>The call's number on an architecture.</summary>
    internal int Resolve(string name, ScmpArch arch)
    {
        byte[] bytes = ZeroTerminated(name);
        // SAFETY: as above.
        fixed (byte* p = bytes)
        {
            return _resolveNameArch((uint)arch, p);
        }
    }

    /// <summary>This machine's architecture.</summary>
    // SAFETY: takes and changes nothing.
    internal ScmpArch Native => (ScmpArch)_archNative();

    /// <summary>The library's version.</summary>
    internal string Version
    {
        get
        {
            // SAFETY: seccomp_version(3) gives a pointer to static memory.
            ScmpVersion* v = _version();
            return $"{v->major}.{v->minor}.{v->micro}";
        }
    }

    // A zero inside a name ends it early, which makes it another name: refused as unknown by the empty string.
    private static byte[] ZeroTerminated(string name)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(name.Length) + 1];
        if (!name.Contains('\0', StringComparison.Ordinal))
        {
            Encoding.UTF8.GetBytes(name, bytes);
        }

        return bytes;
    }

    /// <summary>struct scmp_arg_cmp; the datums are at 8 and 16.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ScmpArgCmp
    {
        public uint arg;
        public int op;
        public ulong datum_a;
        public ulong datum_b;
    }

    /// <summary>struct scmp_version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ScmpVersion
    {
        public uint major;
        public uint minor;
        public uint micro;
    }
}
