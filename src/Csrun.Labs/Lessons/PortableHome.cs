using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>What systemd-homed does with a home directory: stored as nobody's, mapped to its user at login.</summary>
internal static class PortableHome
{
    internal static Lab Lab { get; } = new()
    {
        Name = "portable-home",
        What = "a home directory that is nobody's on disk and yours while you are logged in, as systemd-homed does it",
        Source = LabSource.Lxc("systemd-homed"),
        Needs = [LabNeed.Root, LabNeed.User],
        Lesson = """
            A home directory that is carried from one machine to another meets another user ID on each. systemd-homed stores it as nobody's (65534) and, at login, mounts it ID-mapped: nobody on disk is the user in the mount. At logout the mount ends. The same two commands do it by hand.
            """,
        Steps =
        [
            new("The home directory as it is stored: nobody's, with a file in it.", "install -d -m 0700 -o 65534 -g 65534 home.homedir") { Article = "$ sudo homectl create --storage=subvolume gihyo" },
            new("Its first file.", "install -m 0644 -o 65534 -g 65534 /dev/null home.homedir/.bashrc"),
            new("Nobody owns it.", "ls -ldn home.homedir home.homedir/.bashrc")
            {
                Article = """
                    $ ls -ld /home/gihyo*
                    drwx------. 1 nobody nobody 108 Jan  7 16:04 /home/gihyo.homedir
                    """,
                Expect = "drwx------ * 65534 65534 * * * * home.homedir\n-rw-r--r-- * 65534 65534 * * * * home.homedir/.bashrc",
            },
            new("The mount point.", "mkdir home"),
            new("Login: nobody's ID becomes the user's.", "csrun idmap mount -o nosuid,nodev --map-mount u:65534:$UID:1 --map-mount g:65534:$GID:1 home.homedir home"),
            new("Now there are both: the user's, and nobody's.", "ls -ldn home home.homedir home/.bashrc")
            {
                Article = """
                    $ ls -ld /home/gihyo*
                    drwx------. 1 gihyo  gihyo  108 Jan  7 16:04 /home/gihyo
                    drwx------. 1 nobody nobody 108 Jan  7 16:04 /home/gihyo.homedir
                    """,
                Expect = """
                    drwx------ * $UID $GID * * * * home
                    drwx------ * 65534 65534 * * * * home.homedir
                    -rw-r--r-- * $UID $GID * * * * home/.bashrc
                    """,
            },
            new("The mount is ID-mapped, and has no set-user-ID programs and no devices.", "grep \" $DIR/home \" /proc/self/mountinfo")
            {
                Article = """
                    $ cat /proc/self/mountinfo | grep idmapped
                    810 87 0:34 /gihyo.homedir /home/gihyo rw,nosuid,nodev,relatime,idmapped shared:395 - btrfs /dev/vdb rw,seclabel,space_cache=v2,subvolid=257,subvol=/gihyo.homedir
                    """,
                Expect = "* * *:* */home.homedir $DIR/home rw,nosuid,nodev,*idmapped* ...",
            },
            new("The user works in it.", "sh -c 'echo ls >home/.bash_history'") { Actor = LabActor.User },
            new("On disk the new file is nobody's like the others.", "stat -c '%u:%g %n' home/.bash_history home.homedir/.bash_history")
            {
                Expect = "$UID:$GID home/.bash_history\n65534:65534 home.homedir/.bash_history",
            },
            new("Logout.", "csrun idmap umount home"),
            new("The mount point is root's and empty.", "ls -lna home") { Expect = "total *\ndrwxr-xr-x * 0 0 * * * * .\ndrwxr-xr-x * 0 0 * * * * .." },
            new("Another machine, where the same user is 4242.", "csrun idmap mount --map-mount b:65534:4242:1 home.homedir home"),
            new("The files are that user's, with nothing changed on disk.", "stat -c '%u:%g %n' home/.bash_history home.homedir/.bash_history")
            {
                Expect = "4242:4242 home/.bash_history\n65534:65534 home.homedir/.bash_history",
            },
        ],
    };
}
