using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Csrun.Linux.Accounts;

/// <summary>The C library's own look-up of users, which asks every source of nsswitch.conf(5): LDAP, systemd, sssd.</summary>
internal static unsafe partial class LibC
{
    private const int ERANGE = 34;
    private const int EINTR = 4;
    private const int MostUsers = 100_000; // a directory service may have millions

    /// <summary>getpwuid_r(3): the user, or null when no source has one (or none could be asked).</summary>
    public static PasswdEntry? GetPwUid(uint uid)
    {
        for (int size = 4096; size <= 1024 * 1024; size *= 4)
        {
            byte[] buffer = new byte[size];
            Passwd passwd = default;
            Passwd* result = null;
            int error;
            do
            {
                // SAFETY: the buffer is pinned for the call and passed with its length; struct passwd and the result are on this frame.
                fixed (byte* p = buffer)
                {
                    error = getpwuid_r(uid, &passwd, p, (nuint)size, &result);
                    if (error == 0 && result != null)
                    {
                        // SAFETY: on success the strings are zero-terminated and lie in the buffer, which is still pinned here.
                        return new PasswdEntry(Text(passwd.pw_name), passwd.pw_uid, passwd.pw_gid, Text(passwd.pw_dir));
                    }
                }
            }
            while (error == EINTR);

            if (error != ERANGE)
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>getpwent(3), from the first to the last: names and user IDs. Not for two threads at once.</summary>
    public static ImmutableArray<(string Name, uint Uid)> GetPwEnt()
    {
        ImmutableArray<(string Name, uint Uid)>.Builder users = ImmutableArray.CreateBuilder<(string Name, uint Uid)>();
        setpwent();
        Passwd* entry;
        // SAFETY: the C library's own buffer, valid until the next call; copied before it.
        while (users.Count < MostUsers && (entry = getpwent()) != null)
        {
            users.Add((Text(entry->pw_name), entry->pw_uid));
        }

        endpwent();
        return users.DrainToImmutable();
    }

    // SAFETY: the caller vouches for a zero-terminated string, or null.
    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    [LibraryImport("libc")]
    private static partial void setpwent();

    [LibraryImport("libc")]
    private static partial Passwd* getpwent();

    [LibraryImport("libc")]
    private static partial void endpwent();

    [LibraryImport("libc")]
    private static partial int getpwuid_r(uint uid, Passwd* pwd, byte* buf, nuint buflen, Passwd** result);

    /// <summary>struct passwd of pwd.h: the same in glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }
}
