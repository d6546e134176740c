using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Files;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Ops;
using Csrun.Runtime.Cgroups;
using Csrun.Runtime.State;
using Csrun.Workers;

namespace Csrun.Engine;

/// <summary>Removes containers' directories: that of a container that has ended, and what killed csrun processes left.</summary>
internal static class LayerRemoval
{
    private static readonly string[] s_layer = ["upper", "work"];

    /// <summary>Removes an ended container's directory.</summary>
    internal static void Remove(ContainerDirectory container, Identity identity)
    {
        using SafeFd parent = OpenParent(System.IO.Path.GetDirectoryName(container.Path)!);
        if (!TreeRemover.Remove(parent, container.Id).Complete && identity.Plan.NewUserNamespace)
        {
            InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, container.Path, s_layer);
            TreeRemover.Remove(parent, container.Id);
        }
    }

    /// <summary>Removes a tree that belongs to IDs of a user namespace, from inside one.</summary>
    /// <param name="maps">The namespace's maps.</param>
    /// <param name="writer">Who writes them.</param>
    /// <param name="denySetgroups">Whether setgroups has to be denied.</param>
    /// <param name="parent">The directory that holds the tree.</param>
    /// <param name="names">The trees' names.</param>
    internal static void InNamespace(IdMapPair maps, MapWriterKind writer, bool denySetgroups, string parent, params ReadOnlySpan<string> names)
    {
        using SafeFd directory = OpenParent(parent);
        // Names in a directory of the caller's go only with write permission on it: 0777, below one that lets nobody in.
        Sys.Fchmod(directory, 0x1ff);
        try
        {
            Worker.StartInNamespace(maps, writer, denySetgroups, [Worker.Remove, .. names], directory);
        }
        catch (WorkerFailedException)
        {
            // What is left is found again by the next run.
        }
        finally
        {
            Sys.Fchmod(directory, 0x1c0);
        }
    }

    /// <summary>Removes what csrun processes that were killed left over.</summary>
    internal static void Sweep(Caller caller)
    {
        string path = ContainerDirectory.Parent(caller.Roots);
        using SafeFd? parent = TryOpen(path);
        foreach (string name in parent is null ? [] : DirectoryNames.Of(parent))
        {
            RemoveLeftOver(caller, parent!, path, name);
        }
    }

    /// <summary>Removes what a killed csrun left under an ID; nothing, where there is nothing or a container.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="id">The ID.</param>
    internal static void RemoveLeftOver(Caller caller, string id)
    {
        string path = ContainerDirectory.Parent(caller.Roots);
        using SafeFd? parent = TryOpen(path);
        if (parent is not null)
        {
            RemoveLeftOver(caller, parent, path, id);
        }
    }

    private static void RemoveLeftOver(Caller caller, SafeFd parent, string path, string id)
    {
        using SafeFd? leftOver = LeftOver.TryTake(parent, id);
        if (leftOver is not null)
        {
            RemoveHeld(caller, parent, path, id);
        }
    }

    /// <summary>Makes the directory of a container whose ID an engine has chosen; what a killed csrun left under that ID goes first.</summary>
    /// <exception cref="CsrunException">There is a container with that ID.</exception>
    internal static ContainerDirectory Claim(Caller caller, string id)
    {
        RemoveLeftOver(caller, id);
        string path = $"{ContainerDirectory.Parent(caller.Roots)}/{id}";
        return Sys.Statx(null, path, out _).Ok
            ? throw new CsrunException($"container with given ID already exists: {id}", $"\"{path}\" is its directory", $"csrun delete {id}, or another ID")
            : ContainerDirectory.Create(caller.Roots, id);
    }

    /// <summary>Removes the directory of a container that has ended, whose lock the caller holds, and gives up its name.</summary>
    /// <param name="caller">Whose it is.</param>
    /// <param name="path">The directory.</param>
    internal static void RemoveHeld(Caller caller, string path)
    {
        using SafeFd parent = OpenParent(System.IO.Path.GetDirectoryName(path)!);
        RemoveHeld(caller, parent, System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));
    }

    private static void RemoveHeld(Caller caller, SafeFd parent, string parentPath, string id)
    {
        RemoveCgroup(parent, id);
        if (!TreeRemover.Remove(parent, id).Complete)
        {
            // Whatever map the container had, its IDs are the caller's own and subordinate ones, and the default map has them all.
            Identity identity = Identity.Default(caller);
            InNamespace(identity.Plan.Maps, identity.Writer, identity.Plan.DenySetgroups, $"{parentPath}/{id}", s_layer);
            TreeRemover.Remove(parent, id);
        }

        ContainerName.Forget(caller.Roots, id);
    }

    /// <summary>The control group that a killed csrun could not remove.</summary>
    private static void RemoveCgroup(SafeFd parent, string id)
    {
        SysResult opened = Sys.Openat2(parent, id, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        if (opened.Ok)
        {
            using SafeFd directory = new(opened.Int);
            if (ContainerRecordFile.Read(directory)?.Cgroup is { } record)
            {
                using ControlGroup? group = ControlGroup.Open(record);
                group?.Remove();
            }
            else
            {
                ForeseenCgroup.Remove(directory);
            }
        }
    }

    private static SafeFd? TryOpen(string path) =>
        Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY) is { Ok: true } opened ? new SafeFd(opened.Int) : null;

    private static SafeFd OpenParent(string path) =>
        Sys.Openat2(null, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW).FdOrThrow("openat2", path);
}
