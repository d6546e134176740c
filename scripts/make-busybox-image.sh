#!/usr/bin/env bash
# make-busybox-image.sh [OUT.tar.gz]: a root file system from the distribution's busybox-static, with Alpine's account
# numbers, so that `id` in it prints what it prints in Alpine. The same busybox gives the same bytes, whoever runs it.
# Needs nothing but busybox-static, GNU tar and gzip; no root. Without OUT: bin/images/busybox-VERSION-ARCH.tar.gz.
set -euo pipefail

fail() {
    printf 'csrun: %s\n  why: %s\n  fix: %s\n' "$1" "$2" "$3" >&2
    exit 1
}

busybox=$(command -v "${BUSYBOX:-busybox}") ||
    fail 'cannot make the busybox image' 'busybox is not installed' 'sudo apt install busybox-static'
busybox=$(readlink -f "$busybox")
# A dynamic one would not start in a root file system without its libraries.
if LC_ALL=C grep -q -a -o '/lib[a-z0-9]*/ld-[a-z0-9.-]*so[.0-9]*' < <(head -c 65536 "$busybox"); then
    fail 'cannot make the busybox image' "\"$busybox\" is dynamically linked" 'sudo apt install busybox-static'
fi

version=$("$busybox" | sed -n '1s/^BusyBox v\([0-9.]*\).*/\1/p')
arch=$(uname -m)
out=${1:-$(cd "$(dirname "$0")/.." && pwd)/bin/images/busybox-$version-$arch.tar.gz}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
umask 022
mkdir -p "$root"/{bin,dev,etc,home,proc,root,run,sbin,sys,tmp,usr/bin,usr/sbin,var/{empty,lib,log,spool,tmp}}

install -m 0755 "$busybox" "$root/bin/busybox"
# --list-full names each applet with its usual directory; where it is compiled out, all go to /bin.
("$busybox" --list-full 2>/dev/null || "$busybox" --list | sed 's,^,bin/,') | while read -r applet; do
    case $applet in
    bin/busybox) continue ;;
    */*/* | bin/* | sbin/*) ;;
    *) applet=bin/${applet##*/} ;;
    esac
    [ -d "$root/${applet%/*}" ] || mkdir -p "$root/${applet%/*}"
    ln -sf /bin/busybox "$root/$applet"
done
[ -e "$root/bin/sh" ] || [ -L "$root/bin/sh" ] || ln -s /bin/busybox "$root/bin/sh"

# name:uid:gid:home:shell; the numbers are Alpine's. /sbin/nologin and /bin/sync are applets.
while IFS=: read -r name uid gid home shell; do
    printf '%s:x:%s:%s:%s:%s:%s\n' "$name" "$uid" "$gid" "$name" "$home" "$shell"
    case $name in root) printf '%s:*::0:::::\n' "$name" >&3 ;; *) printf '%s:!::0:::::\n' "$name" >&3 ;; esac
done >"$root/etc/passwd" 3>"$root/etc/shadow" <<'ACCOUNTS'
root:0:0:/root:/bin/sh
bin:1:1:/bin:/sbin/nologin
daemon:2:2:/sbin:/sbin/nologin
lp:4:7:/var/spool/lpd:/sbin/nologin
sync:5:0:/sbin:/bin/sync
shutdown:6:0:/sbin:/sbin/shutdown
halt:7:0:/sbin:/sbin/halt
mail:8:12:/var/mail:/sbin/nologin
news:9:13:/usr/lib/news:/sbin/nologin
uucp:10:14:/var/spool/uucppublic:/sbin/nologin
cron:16:16:/var/spool/cron:/sbin/nologin
ftp:21:21:/var/lib/ftp:/sbin/nologin
sshd:22:22:/dev/null:/sbin/nologin
games:35:35:/usr/games:/sbin/nologin
ntp:123:123:/var/empty:/sbin/nologin
guest:405:100:/dev/null:/sbin/nologin
nobody:65534:65534:/:/sbin/nologin
ACCOUNTS

# gid:name:members; root's groups are what `id` shows.
while IFS=: read -r gid name members; do
    printf '%s:x:%s:%s\n' "$name" "$gid" "$members"
done >"$root/etc/group" <<'GROUPS'
0:root:root
1:bin:root,bin,daemon
2:daemon:root,bin,daemon
3:sys:root,bin
4:adm:root,daemon
5:tty:
6:disk:root
7:lp:lp
9:kmem:
10:wheel:root
11:floppy:root
12:mail:mail
13:news:news
14:uucp:uucp
16:cron:cron
18:audio:
19:cdrom:
20:dialout:root
21:ftp:
22:sshd:
23:input:
26:tape:root
27:video:root
28:netdev:
34:kvm:
35:games:
42:shadow:
82:www-data:
100:users:games
123:ntp:
406:utmp:
999:ping:
65533:nogroup:
65534:nobody:
GROUPS

cat >"$root/etc/os-release" <<RELEASE
ID=csrun-busybox
NAME="csrun busybox"
VERSION_ID=$version
PRETTY_NAME="busybox $version, packed by csrun"
RELEASE
printf 'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' >"$root/etc/profile"
printf '/bin/sh\n' >"$root/etc/shells"
printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$root/etc/nsswitch.conf"

chmod 0640 "$root/etc/shadow"
chmod 0700 "$root/root"
chmod 1777 "$root/tmp" "$root/var/tmp"
chmod 0555 "$root/proc" "$root/sys" "$root/var/empty"

mkdir -p "$(dirname "$out")"
# shadow belongs to group shadow (42), everything else to root: two passes into one archive, by name each time.
(
    cd "$root"
    find . -mindepth 0 ! -path ./etc/shadow | LC_ALL=C sort >"$work/names"
    tar --format=ustar --mtime=@0 --owner=0 --group=0 --numeric-owner --no-recursion -cf "$work/image.tar" -T "$work/names"
    tar --format=ustar --mtime=@0 --owner=0 --group=42 --numeric-owner -rf "$work/image.tar" ./etc/shadow
)
gzip -n -9 <"$work/image.tar" >"$out.part"
mv "$out.part" "$out"
printf 'csrun: %s\n' "$out"
