using System.Globalization;
using Csrun.Commands;
using Csrun.Engine;
using Csrun.Images.Store;
using Csrun.Images.Tar;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Plan.Planning;
using Csrun.Runtime.Broker;
using Csrun.Terminal;

namespace Csrun.Workers;

/// <summary>What a worker process does; started by <see cref="Worker"/> only.</summary>
internal static class WorkerProgram
{
    /// <summary>Runs the worker that the arguments name.</summary>
    /// <returns>The exit code; failures have been reported on stderr.</returns>
    internal static int Run(ReadOnlySpan<string> args)
    {
        try
        {
            switch (args)
            {
                case [Worker.Resolve, string root, string name, string key]:
                    new ImageStore(root).Resolve(name, key, ImageSearchPath.Directories(), new FetchProgress());
                    return 0;
                case [Worker.Unpack, string name, string source, string ids]:
                    Unpack(name, source, ids == "single-id", intoWrapper: true);
                    return 0;
                case [Worker.UnpackHere, string name, string source, string ids]:
                    Unpack(name, source, ids == "single-id", intoWrapper: false);
                    return 0;
                case [Worker.Remove, .. ReadOnlySpan<string> names]:
                    return Remove(names);
                case [Worker.Chown, string user, string group, string path]:
                    Chown(uint.Parse(user, CultureInfo.InvariantCulture), uint.Parse(group, CultureInfo.InvariantCulture), path);
                    return 0;
                case [Worker.BrokerLookup, string uid]:
                    FdWriter.Stdout.Write(CallerLookup.Answer(uint.Parse(uid, CultureInfo.InvariantCulture)));
                    FdWriter.Stdout.Flush();
                    return 0;
                case [Worker.Probe, string form, string workingDirectory, .. ReadOnlySpan<string> paths]:
                    Engine.Ids.ProbeFileSystems.RunInside(form == "json", workingDirectory, paths);
                    return 0;
                case [Worker.RemoveTrees, .. ReadOnlySpan<string> rest]:
                    return TreeWorker.Run(remove: true, rest);
                case [Worker.ChownBack, .. ReadOnlySpan<string> rest]:
                    return TreeWorker.Run(remove: false, rest);
                case [Worker.ChownUndo]:
                    return Engine.RecordedOwners.RunInside();
                default:
                    throw new CsrunException("this worker is unknown", "csrun starts its workers itself", "csrun --help");
            }
        }
        catch (CsrunException failure)
        {
            return ErrorReport.Write(failure, new GlobalOptions(), FdWriter.Stderr);
        }
    }

    private static int Remove(ReadOnlySpan<string> names)
    {
        using SafeFd parent = new(WorkerPlanner.FirstFd);
        bool complete = true;
        foreach (string name in names)
        {
            complete &= TreeRemover.Remove(parent, name).Complete;
        }

        return complete ? 0 : 1;
    }

    private static void Chown(uint uid, uint gid, string path)
    {
        using SafeFd top = new(WorkerPlanner.FirstFd);
        using SafeFd journal = new(WorkerPlanner.FirstFd + 1);
        VolumeOwners.Report(VolumeOwners.Run(top, uid, gid, journal, path), path);
    }

    private static void Unpack(string name, string source, bool singleId, bool intoWrapper)
    {
        using SafeFd tarball = new(WorkerPlanner.FirstFd);
        using SafeFd directory = new(WorkerPlanner.FirstFd + 1);
        using SafeFd? made = intoWrapper ? Unpacker.CreateRoot(directory, "rootfs") : null;
        SafeFd rootfs = made ?? directory;
        long size = Sys.Statx(tarball, "", out FileStat stat).Ok ? (long)stat.size : -1;
        using UnpackProgress progress = new(name);
        UnpackResult result;
        try
        {
            result = Unpacker.Unpack(tarball, rootfs, new UnpackOptions { SingleId = singleId, CompressedSize = size }, progress);
        }
        catch (TarFormatException e)
        {
            throw new CsrunException($"the image {name} ({source}) cannot be unpacked: {e.Message}", e.Why, e.Fix);
        }

        progress.Dispose();
        if (made is not null)
        {
            MountPoints.Add(made);
        }

        Notes.Write(result.Notes);
    }
}
