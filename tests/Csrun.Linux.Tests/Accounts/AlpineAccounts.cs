namespace Csrun.Linux.Tests.Accounts;

/// <summary>Account files with the users and groups that an Alpine image has, so far as these tests need them.</summary>
internal static class AlpineAccounts
{
    public static ReadOnlySpan<byte> Passwd =>
        """
        root:x:0:0:root:/root:/bin/sh
        bin:x:1:1:bin:/bin:/sbin/nologin
        daemon:x:2:2:daemon:/sbin:/sbin/nologin
        lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
        mail:x:8:12:mail:/var/mail:/sbin/nologin
        games:x:35:35:games:/usr/games:/sbin/nologin
        guest:x:405:100:guest:/dev/null:/sbin/nologin
        nobody:x:65534:65534:nobody:/:/sbin/nologin

        """u8;

    public static ReadOnlySpan<byte> Group =>
        """
        root:x:0:root
        bin:x:1:root,bin,daemon
        daemon:x:2:root,bin,daemon
        sys:x:3:root,bin
        adm:x:4:root,daemon
        tty:x:5:
        disk:x:6:root
        lp:x:7:lp
        wheel:x:10:root
        floppy:x:11:root
        mail:x:12:mail
        dialout:x:20:root
        tape:x:26:root
        video:x:27:root
        games:x:35:
        users:x:100:games
        nobody:x:65534:

        """u8;
}
