using System.Text;
using Csrun.Plan.Rendering.Shell;

namespace Csrun.Plan.Rendering;

/// <summary>The plan as a POSIX shell script that does the same with the programs of util-linux, shadow and iproute2.</summary>
/// <remarks>Every text of the plan is quoted, and what no program can do is a comment that says so. docs/explain.md.</remarks>
public static class ShellRenderer
{
    private const string Tool = "./ld.so --library-path .";

    /// <summary>Renders the plan.</summary>
    public static string Render(LaunchPlan plan)
    {
        if (IdMapMountScript.Is(plan))
        {
            return IdMapMountScript.Render(plan);
        }

        ShellScript script = new(plan);
        StringBuilder output = new();
        Header(script, output);
        if (script.Impossible.Count != 0)
        {
            output.Append($"\n{ShellFunctions.Stop}\n");
            foreach (string reason in script.Impossible)
            {
                output.Append($"stop {ShellText.Word(ShellText.Comment(reason))}\n");
            }

            return output.ToString();
        }

        if (script.Joined is null)
        {
            Launch(script, output);
        }
        else
        {
            Join(script, output);
        }

        return output.ToString();
    }

    private static void Header(ShellScript script, StringBuilder output)
    {
        output.Append("""
            #!/bin/sh
            # What csrun does, with programs of util-linux, shadow (newuidmap), iproute2, hostname and coreutils. The numbers
            # are those of csrun's own steps (--explain); it runs as whom it was made for, on the host that it was made on.

            """);
        if (script.Lost.Count != 0)
        {
            output.Append("#\n# What it leaves out, because no such program does it:\n");
            foreach (string lost in script.Lost)
            {
                output.Append("# - ").Append(lost).Append('\n');
            }
        }

        output.Append("set -eu\nPATH=$PATH:/usr/sbin:/sbin\numask 022\n");
    }

    private static void Launch(ShellScript script, StringBuilder output)
    {
        string child = ChildScript(script);
        string delimiter = ShellText.Delimiter("CHILD", child);
        output.Append($$"""

            ############################ the child: from here to {{delimiter}}, in the new namespaces ############################
            child() { cat <<'{{delimiter}}'
            {{child}}{{delimiter}}
            }

            ################################## csrun: in the namespaces of the caller ##################################
            {{ShellFunctions.Stop}}

            # A directory that nobody else enters.
            dir=$(mktemp -d "${TMPDIR:-/var/tmp}/csrun-sh.XXXXXX")

            """);
        output.Append(script.HasContainer ? $$"""
            # In it the child has its root, the layer that takes what the container writes (upper, and work for overlay), and the
            # waiting room for mounts that have no place yet.
            mkdir -m {{(script.RootIsCaller ? "755" : "777")}} "$dir/box"{{(script.RootIsCaller ? "" : " # the container's root is not the caller, and makes the layer in it")}}
            mkdir "$dir/box/root" "$dir/box/wait" "$dir/box/tools"
            {{CopyTools(script)}}
            """ : "");
        output.Append('\n').Append(Remove(script)).Append(script.ControlGroups.Text);
        if (script.Entered.Count != 0)
        {
            output.Append($$"""

                # A command that begins in the control groups: 0 is the process that writes.
                entered() { for file in {{string.Join(' ', script.Entered.Select(ShellText.Word))}}; do echo 0 > "$file"; done; exec "$@"; }

                """);
        }

        output.Append($$"""

            # Two pipes between csrun and the child: "ready" to csrun, "go" from it. A barrier is a line in one of them.
            mkfifo "$dir/ready" "$dir/go"
            pass() { { echo "$1" >&6; } 2> /dev/null || :; }

            # {{script.CloneStep!.Number}}. {{ShellText.Comment(script.CloneStep.Why)}}. With --keep-caps, because execve takes the capabilities from a user
            # that is not root in the new user namespace.
            export dir
            exec 3<&0
            {{(script.Entered.Count == 0 ? "" : "entered ")}}setpriv --pdeathsig=KILL unshare {{string.Join(' ', script.Unshare.Distinct())}} {{(script.UserNamespace ? "--keep-caps " : "")}}--fork --kill-child \
              sh -c "$(child)" {{(script.Interactive ? "<&3 3<&-" : "<> /dev/null 3<&-")}} 8> "$dir/ready" 9< "$dir/go" &
            child=$!
            trap '' PIPE # the child may have ended, having said why
            exec 5< "$dir/ready" 6> "$dir/go" 3<&-
            code=0
            if ! read -r _ <&5; then wait "$child" || code=$?; exit "$code"; fi

            """);
        if (script.UserNamespace)
        {
            output.Append("exec 7< \"/proc/$child/ns/user\" # keeps the user namespace, to remove the layer as its root in the end\n");
        }

        string csrun = script.Csrun.Text;
        if (csrun.Contains("\nidmapped ", StringComparison.Ordinal))
        {
            output.Append(ShellFunctions.IdMapped);
        }

        output.Append(csrun).Append("""

            # The command's exit code is the script's. A signal that comes meanwhile ends one wait, not the command.
            wait "$child" || code=$?
            while kill -0 "$child" 2> /dev/null; do code=0; wait "$child" || code=$?; done
            exit "$code"

            """);
    }

    private static string ChildScript(ShellScript script)
    {
        string text = script.Child.Text;
        if (!script.HasContainer)
        {
            return $"set -eu\ntrap 'exit 125' EXIT # a command below has failed, and said why\necho ready >&8\n{text}";
        }

        string ids = $"setpriv --reuid={script.Setup.Uid} --regid={script.Setup.Gid} {ShellScript.Groups(script.Setup)}";
        return $$"""
            set -eu
            trap 'exit 125' EXIT # a command below has failed, and said why
            {{ShellFunctions.Stop}}
            umask 022
            cd -P "$dir/box"

            # root ...: a command as the container's root. root_tool ...: the same with a copy of a program, see "tools".
            {{(script.UserNamespace ? $"root() {{ {ids} \"$@\"; }}" : "root() { \"$@\"; }")}}
            run='{{Tool}}'
            root_tool() { name=$1; shift; {{(script.UserNamespace ? $"$run ./{ids} " : "")}}$run "./$name" "$@"; }
            {{ShellFunctions.UsedBy(text)}}
            echo ready >&8
            {{text}}
            """;
    }

    private static void Join(ShellScript script, StringBuilder output)
    {
        output.Append($$"""
            {{ShellFunctions.Stop}}
            dir=$(mktemp -d "${TMPDIR:-/var/tmp}/csrun-sh.XXXXXX")
            mkdir -m 755 "$dir/box"
            mkdir "$dir/box/tools"
            trap 'rm -rf "$dir"' EXIT

            """);
        output.Append(CopyTools(script));
        output.Append($"cd \"$dir/box/tools\"\nrun='{Tool}'\n");
        output.Append(script.Csrun.Text).Append(script.Child.Text);
    }

    private static string CopyTools(ShellScript script) => $$"""

        # tools: programs that are needed when the host's root has gone, with the libraries that ldd(1) names. "./ld.so
        # --library-path . ./NAME", in their directory, runs one; ld.so is the host's dynamic linker.
        for tool in {{string.Join(' ', script.Tools)}}; do
          path=$(command -v "$tool") || stop "no $tool in PATH"
          cp -L "$path" "$dir/box/tools/$tool"
          for library in $(ldd "$path" | sed -n 's|^[[:space:]]*\(/[^ ]*\) (.*|\1|p; s|.*=> \(/[^ ]*\) (.*|\1|p'); do
            case $library in
              */ld-*) cp -L "$library" "$dir/box/tools/ld.so" ;;
              *) [ -e "$dir/box/tools/${library##*/}" ] || cp -L "$library" "$dir/box/tools/" ;;
            esac
          done
        done
        [ -e "$dir/box/tools/ld.so" ] || stop "the host's programs have no dynamic linker, or none that is called ld-..."

        """;

    /// <summary>Nothing is left behind: the end of the script, whatever causes it.</summary>
    private static string Remove(ShellScript script) => $$"""
        # At the end nothing is left. {{(script.CallerCanRemove ? "" : "The layer's files belong to users of the container, so its root removes them.")}}
        child=
        remove() {
          code=$?
          trap - EXIT
          [ -z "$child" ] || { kill -s KILL "$child" 2> /dev/null && wait "$child" 2> /dev/null || :; }
          cd /
          {{(script.CallerCanRemove ? "" : $"[ ! -e \"$dir/box/upper\" ] || {InNamespace(script)} rm -rf upper work\n  ")}}rm -rf "$dir"
          exit "$code"
        }
        trap remove EXIT
        for signal in HUP INT QUIT TERM; do trap 'exit 125' "$signal"; done

        """;

    private static string InNamespace(ShellScript script) =>
        $"nsenter --user=/proc/self/fd/7 --wd=\"$dir/box\" {(script.DeniesSetgroups ? "--preserve-credentials" : $"--setuid={script.Setup.Uid} --setgid={script.Setup.Gid}")}";
}
