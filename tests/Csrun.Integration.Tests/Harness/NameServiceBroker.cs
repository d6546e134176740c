namespace Csrun.Integration.Tests.Harness;

/// <summary>A broker whose name service has users that no file has: one whom it takes a second to find, and one for whom it never answers.</summary>
/// <remarks>A module of nsswitch.conf(5), made by the C compiler that the build needs, in a mount namespace of the broker's own.</remarks>
public sealed class NameServiceBroker() : BrokerProcess(Preparation)
{
    /// <summary>Found after a second; has subordinate IDs.</summary>
    public const int Slow = 54321;

    /// <summary>Never answered for.</summary>
    public const int Hanging = 54322;

    /// <summary>Known nowhere.</summary>
    public const int Unknown = 54323;

    private const string Preparation = """
        cat >$1/nss.c <<'END'
        #include <nss.h>
        #include <pwd.h>
        #include <unistd.h>
        enum nss_status _nss_csrunit_getpwuid_r(uid_t uid, struct passwd *user, char *buffer, size_t size, int *error)
        {
            while (uid == 54322) pause();
            if (uid != 54321) return NSS_STATUS_NOTFOUND;
            sleep(1);
            *user = (struct passwd) { .pw_name = "slow", .pw_passwd = "x", .pw_uid = uid, .pw_gid = 54400, .pw_gecos = "", .pw_dir = "/", .pw_shell = "/bin/sh" };
            return NSS_STATUS_SUCCESS;
        }
        END
        libraries=$(dirname "$(ldd /bin/sh | sed -n 's/.*=> \(.*libc\.so\.6\) .*/\1/p')")
        mkdir $1/lib $1/etc
        $(command -v cc || command -v clang || command -v gcc) -shared -fPIC -o $1/lib/libnss_csrunit.so.2 $1/nss.c
        sed 's/^passwd:.*/passwd: files csrunit/' /etc/nsswitch.conf >$1/etc/nsswitch.conf
        grep -q '^passwd:' $1/etc/nsswitch.conf || echo 'passwd: files csrunit' >>$1/etc/nsswitch.conf
        for file in subuid subgid; do { cat /etc/$file; echo slow:7000000:65536; } >$1/etc/$file; done
        mount -t overlay overlay -o lowerdir=$1/lib:$libraries $libraries
        mount -t overlay overlay -o lowerdir=$1/etc:/etc /etc
        """;
}
