using System.Text;

namespace Csrun.Plan.Rendering.Shell;

/// <summary>What util-linux has no program for, as shell functions; a script gets those that it uses.</summary>
internal static class ShellFunctions
{
    /// <summary>Ends the script; both halves have it.</summary>
    public const string Stop = """
        stop() { printf 'csrun script: %s\n' "$1" >&2; exit 125; }
        """;

    /// <summary>csrun's half: ID-mapped mounts, which the host's root makes.</summary>
    public const string IdMapped = """

        # idmapped SOURCE PLACE r|'' MAP...: an ID-mapped mount of SOURCE on PLACE, in the child's mount namespace; only root of the
        # host's user namespace may map its file systems. mount(8) can since util-linux 2.39 (X-mount.idmap); older ones would ignore
        # the option without a word, so csrun's own idmap mount is taken there, for which CSRUN may name the program.
        idmapped() {
          source=$1 place=$dir/box/$2 recursive=$3; shift 3
          if [ -d "$source" ]; then mkdir "$place"; else : > "$place"; fi
          version=$(mount --version); version=${version#*util-linux 2.}; version=${version%%[!0-9]*}
          if [ "${version:-0}" -ge 39 ]; then
            nsenter --target="$child" --mount mount -n "--${recursive}bind" -o X-mount.idmap="$*" "$source" "$place"
          else
            for map in "$@"; do shift; set -- "$@" --map-mount "$map"; done
            nsenter --target="$child" --mount "${CSRUN:-csrun}" idmap mount "$@" ${recursive:+--recursive} "$source" "$place"
          fi
        }

        """;

    private static readonly (string Name, string Text)[] s_all =
    [
        ("from", """
            # from SOURCE PLACE [r]: the host's SOURCE as a mount on PLACE. The shell opens it with the rights of the caller; the
            # container's root, who may have none there, mounts it by descriptor (-c: mount(8) is not to look the path up again).
            from() {
              if [ -d "$1" ]; then mkdir "$2"; else : > "$2"; fi
              if { [ -d "$1" ] || [ -f "$1" ]; } && [ -r "$1" ]
              then root mount -cn "--${3-}bind" /proc/self/fd/5 "$2" 5< "$1"
              else root mount -cn "--${3-}bind" "$1" "$2"
              fi
            }
            """),
        ("attach", """
            # attach MOUNT d|f PATH: moves MOUNT to PATH of the container, a directory or file, which is made where it is missing.
            attach() {
              below "$3"
              if [ ! -e "$at" ]; then
                if [ "$2" = d ]; then root mkdir -p "$at"; else root mkdir -p "${at%/*}"; root touch "$at"; fi
              fi
              root mount -cn --move "$1" "$at"
            }
            """),
        ("cover", """
            # cover MOUNT PATH: mounts MOUNT over PATH of the container too, where that exists and both are directories or neither is.
            cover() {
              below "$2"
              [ -e "$at" ] || return 0
              if [ -d "$1" ]; then [ -d "$at" ] || return 0; else [ ! -d "$at" ] || return 0; fi
              root mount -cn --bind "$1" "$at"
            }
            """),
        ("read_only", """
            # read_only PATH: a mount of PATH of the container over itself, that can be read only; nothing where PATH is missing.
            read_only() {
              below "$1"
              [ -e "$at" ] || return 0
              root mount -cn --rbind "$at" "$at"
              attributes "$at" ro below
            }
            """),
        ("attributes", """
            # attributes MOUNT OPTIONS [below]: adds to the attributes of a mount, and of those below it. mount(8) sets all of them at
            # once, so it is told those that are there; mount_setattr(2) sets and clears single ones.
            attributes() {
              findmnt -nr ${3:+-R} -o VFS-OPTIONS,TARGET --mountpoint "$PWD/$1" | while read -r have target; do
                target=$(env printf '%b.' "$target"); target=${target%.}
                root mount -cn -o "remount,bind,$have,$2" none "${target#"$PWD"/}" || exit 125
              done
            }
            """),
        ("below", """
            # below PATH: sets $at to where PATH of the container is before pivot_root. Each symbolic link counts from the new root, so
            # none of the image's leads out: what openat2(2) does with RESOLVE_IN_ROOT.
            below() {
              at=root rest=$1 links=0
              while [ -n "$rest" ]; do
                case $rest in */*) part=${rest%%/*} rest=${rest#*/} ;; *) part=$rest rest= ;; esac
                case $part in
                  ''|.) ;;
                  ..) [ "$at" = root ] || at=${at%/*} ;;
                  *)
                    if [ ! -L "$at/$part" ]; then at=$at/$part; continue; fi
                    links=$((links + 1)); [ "$links" -le 40 ] || stop "$1: too many symbolic links"
                    link=$(readlink -n -- "$at/$part" && echo .); link=${link%.}
                    case $link in /*) at=root ;; esac
                    rest=$link/$rest ;;
                esac
              done
            }
            """),
    ];

    /// <summary>The functions that a text uses, and those that they use.</summary>
    public static string UsedBy(string script)
    {
        StringBuilder functions = new();
        // Behind one that uses it stands each: one pass finds them all.
        foreach ((string name, string text) in s_all)
        {
            if ($"{functions}\n{script}".Split('\n').Any(line => Calls(line, name)))
            {
                functions.Append('\n').Append(text).Append('\n');
            }
        }

        return functions.ToString();
    }

    private static bool Calls(string line, string name)
    {
        string text = line.TrimStart();
        return !text.StartsWith('#') && (text.StartsWith(name + " ", StringComparison.Ordinal)
            || text.Contains($"; {name} ", StringComparison.Ordinal) || text.Contains($"|| {name} ", StringComparison.Ordinal));
    }
}
