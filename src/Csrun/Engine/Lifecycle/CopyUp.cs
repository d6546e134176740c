using System.Collections.Immutable;
using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;

namespace Csrun.Engine.Lifecycle;

/// <summary>The mount option <c>tmpcopyup</c>: a tmpfs that begins with what the image has there. Engines ask for it by default
/// (podman's --read-only and --tmpfs).</summary>
/// <remarks>csrun looks at the tree, as the caller and within the root file system alone; the child copies it (<see cref="CopyTreeOp"/>).</remarks>
internal sealed class CopyUp
{
    /// <summary>The option.</summary>
    internal const string Option = MountOptions.CopyUp;

    private const int MostFiles = 4000;

    private readonly string _destination;
    private readonly ImmutableArray<CopiedEntry>.Builder _entries = ImmutableArray.CreateBuilder<CopiedEntry>();

    private CopyUp(string destination) => _destination = destination;

    /// <summary>The configuration without the option, and what is copied in its place.</summary>
    /// <exception cref="CsrunException">A tree cannot be copied.</exception>
    internal static (Spec Spec, ImmutableArray<CopiedTree> Copied) Resolve(Spec spec, string rootfs)
    {
        if (!spec.Mounts.Any(IsAsked))
        {
            return (spec, []);
        }

        using SafeFd root = Sys.Openat2(null, rootfs, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY).FdOrThrow("openat2", rootfs);
        ImmutableArray<CopiedTree>.Builder trees = ImmutableArray.CreateBuilder<CopiedTree>();
        for (int i = 0; i < spec.Mounts.Count; i++)
        {
            if (IsAsked(spec.Mounts[i]) && Find(spec, i, root) is { } tree)
            {
                trees.Add(tree);
            }
        }

        return (spec with { Mounts = [.. spec.Mounts.Select(mount => IsAsked(mount) ? mount with { Options = [.. mount.Options.Where(option => option != Option)] } : mount)] }, trees.ToImmutable());
    }

    private static bool IsAsked(Mount mount) => mount.Type == "tmpfs" && mount.Options.Contains(Option);

    private static CopiedTree? Find(Spec spec, int index, SafeFd root)
    {
        Mount mount = spec.Mounts[index];
        for (int i = index - 1; i >= 0; i--)
        {
            // What is there by then is the earlier mount's.
            Mount earlier = spec.Mounts[i];
            if (!$"{mount.Destination.TrimEnd('/')}/".StartsWith($"{earlier.Destination.TrimEnd('/')}/", StringComparison.Ordinal) || IsAsked(earlier))
            {
                continue;
            }

            return earlier.Type == "tmpfs" ? null : throw new CsrunException(
                $"$.mounts[{index}].options: {Option} on \"{mount.Destination}\"", $"\"{earlier.Destination}\", mounted before it, covers what the root file system has there; csrun copies from the root file system only", $"leave {Option} away");
        }

        SysResult opened = Sys.Openat2(root, mount.Destination, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0, ResolveFlags.RESOLVE_IN_ROOT | ResolveFlags.RESOLVE_NO_MAGICLINKS);
        if (opened.Errno == Errno.ENOENT)
        {
            return null;
        }

        using SafeFd directory = opened.FdOrThrow("openat2", mount.Destination, $"$.mounts[{index}].options asks for {Option}, and this directory of the root file system cannot be read");
        CopyUp copy = new(mount.Destination);
        copy.Add(directory, "");
        copy.Walk(directory, "");
        return new CopiedTree(
            mount.Destination, copy._entries.ToImmutable(),
            mount.Options.Any(option => option.StartsWith("mode=", StringComparison.Ordinal)),
            mount.Options.Any(option => option.StartsWith("uid=", StringComparison.Ordinal) || option.StartsWith("gid=", StringComparison.Ordinal)));
    }

    private void Walk(SafeFd directory, string path)
    {
        IReadOnlyList<string> names = DirectoryNames.Of(directory, out int others);
        if (others != 0)
        {
            throw Refused($"\"{path}\" has names that are not UTF-8", $"rename them, or leave {Option} away");
        }

        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            string below = path.Length == 0 ? name : $"{path}/{name}";
            using SafeFd file = Sys.Openat2(directory, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW).FdOrThrow("openat2", $"{_destination}/{below}");
            if (Add(file, below))
            {
                using SafeFd inside = Sys.Openat2(directory, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW, 0, ResolveFlags.RESOLVE_NO_XDEV)
                    .FdOrThrow("openat2", $"{_destination}/{below}", $"{Option} copies this directory of the root file system, and the caller may not read it");
                Walk(inside, below);
            }
        }
    }

    /// <summary>Adds one file; whether it is a directory.</summary>
    private bool Add(SafeFd file, string path)
    {
        Sys.Statx(file, "", out FileStat stat).OrThrow("statx", $"{_destination}/{path}");
        CopiedKind? kind = (stat.mode & 0xf000) switch
        {
            0x4000 => CopiedKind.Directory,
            0x8000 => CopiedKind.File,
            0xa000 => CopiedKind.Symlink,
            0x1000 => CopiedKind.Fifo,
            0xc000 => null, // a socket: nobody listens at a copy
            _ => throw Refused($"\"{path}\" is a device, and devices are not copied", "remove it from the image"),
        };
        if (kind is not { } copied)
        {
            return false;
        }

        if (_entries.Count > MostFiles)
        {
            throw Refused($"more than {MostFiles} files", $"leave {Option} away, and mount a tmpfs on a smaller directory");
        }

        _entries.Add(new CopiedEntry(path, copied, stat.mode & 0xfffu)
        {
            Size = (long)stat.size,
            Target = copied == CopiedKind.Symlink ? Target(file, path) : null,
            Accessed = stat.atime,
            Modified = stat.mtime,
            Attributes = copied is CopiedKind.File or CopiedKind.Directory ? Attributes(file, path) : [],
        });
        return copied == CopiedKind.Directory;
    }

    private string Target(SafeFd link, string path)
    {
        byte[] target = new byte[4096];
        nint length = Sys.Readlinkat(link, "\0"u8, target).OrThrow("readlinkat", $"{_destination}/{path}");
        return Encoding.UTF8.GetString(target.AsSpan(0, (int)length));
    }

    // Labels are the host's, trusted attributes its root's, and an access control list names IDs, which are other ones in a user namespace.
    private ImmutableArray<CopiedAttribute> Attributes(SafeFd file, string path)
    {
        byte[] list = new byte[65536]; // XATTR_LIST_MAX
        SysResult length = Sys.Listxattr(file, list);
        if (!length.Ok || length.Int == 0)
        {
            return [];
        }

        ImmutableArray<CopiedAttribute>.Builder attributes = ImmutableArray.CreateBuilder<CopiedAttribute>();
        foreach (string name in Encoding.UTF8.GetString(list.AsSpan(0, length.Int)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "security.capability" || name.StartsWith("user.", StringComparison.Ordinal))
            {
                byte[] value = new byte[65536]; // XATTR_SIZE_MAX
                nint got = Sys.Getxattr(file, name, value).OrThrow($"getxattr({name})", $"{_destination}/{path}");
                attributes.Add(new CopiedAttribute(name, [.. value.AsSpan(0, (int)got)]));
            }
        }

        return attributes.ToImmutable();
    }

    private CsrunException Refused(string why, string fix) => new($"{Option}: \"{_destination}\" of the root file system cannot be copied", why, fix);
}
