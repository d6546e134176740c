using System.Collections.Immutable;
using Csrun.Engine;
using Csrun.Linux;
using Csrun.Linux.Handles;
using Csrun.Linux.IdMaps;
using Csrun.Linux.Processes;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Ops;
using Csrun.Plan.Planning;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;

namespace Csrun.Workers;

/// <summary>csrun as its own helper process: for work that needs threads, or the container's IDs.</summary>
internal static class Worker
{
    /// <summary>The first argument of every worker; no verb of the command line begins like this.</summary>
    internal const string Marker = "(csrun-worker)";

    /// <summary>Brings an image into the store: ROOT NAME MAPKEY.</summary>
    internal const string Resolve = "resolve";

    /// <summary>Unpacks the tarball of descriptor 10 into the wrapper directory of descriptor 11: NAME SOURCE single-id|all-ids.</summary>
    internal const string Unpack = "unpack";

    /// <summary>Unpacks the tarball of descriptor 10 into the directory of descriptor 11 itself: NAME SOURCE single-id|all-ids.</summary>
    internal const string UnpackHere = "unpack-here";

    /// <summary>Removes trees by name from the directory of descriptor 10: NAME....</summary>
    internal const string Remove = "remove";

    /// <summary>Gives the tree of descriptor 10 to one of the namespace's IDs, with the record of descriptor 11: UID GID PATH.</summary>
    internal const string Chown = "chown";

    /// <summary>Looks a user up for the broker, which cannot wait for name services: UID. The answer goes to stdout.</summary>
    internal const string BrokerLookup = "broker-lookup";

    /// <summary>Tries which file systems can be ID-mapped: json|text WORKING-DIRECTORY PATH....</summary>
    internal const string Probe = "probe-idmap";

    /// <summary>Looks through trees and removes them, see <see cref="TreeWorker"/>.</summary>
    internal const string RemoveTrees = "rm-tree";

    /// <summary>Looks through trees and gives them back to the caller, see <see cref="TreeWorker"/>.</summary>
    internal const string ChownBack = "chown-back";

    /// <summary>Undoes what the volume option U has written down, see <see cref="RecordedOwners"/>.</summary>
    internal const string ChownUndo = "chown-undo";

    /// <summary>Runs a worker with the caller's own IDs and waits for it.</summary>
    /// <exception cref="WorkerFailedException">It failed; it has said why.</exception>
    internal static void StartAsCaller(ImmutableArray<string> args, params ReadOnlySpan<SafeFd> descriptors)
    {
        SafeFd?[] stdio = new SafeFd?[WorkerPlanner.FirstFd + descriptors.Length];
        for (int i = 0; i < descriptors.Length; i++)
        {
            stdio[WorkerPlanner.FirstFd + i] = descriptors[i];
        }

        Spawned.TryStart("/proc/self/exe", ["csrun", Marker, .. args], EnvironmentBlock.Read(), stdio, out Spawned? worker).OrThrow("posix_spawn", "/proc/self/exe");
        Check(worker!.Wait());
    }

    /// <summary>Runs a worker in a user namespace of these maps and waits for it.</summary>
    /// <exception cref="WorkerFailedException">It failed; it has said why.</exception>
    internal static void StartInNamespace(IdMapPair maps, MapWriterKind writer, bool denySetgroups, ImmutableArray<string> args, params ReadOnlySpan<SafeFd> descriptors)
    {
        ImmutableArray<SentDescriptor>.Builder sent = ImmutableArray.CreateBuilder<SentDescriptor>();
        foreach (SafeFd fd in descriptors)
        {
            sent.Add(new OpenDescriptor($"descriptor {WorkerPlanner.FirstFd + sent.Count}", fd.Number));
        }

        Run(WorkerPlanner.Plan(maps, writer, denySetgroups, ["csrun", Marker, .. args], [.. EnvironmentBlock.Read()], sent.ToImmutable(), HostFactsProbe.Probe(new Spec())));
    }

    /// <summary>Runs a worker in a user namespace of these maps and a mount namespace of its own, and waits for it.</summary>
    /// <exception cref="WorkerFailedException">It failed; it has said why.</exception>
    internal static void StartWithMounts(IdMapPair maps, MapWriterKind writer, bool denySetgroups, ImmutableArray<string> args) =>
        Run(WorkerPlanner.Plan(maps, writer, denySetgroups, ["csrun", Marker, .. args], [.. EnvironmentBlock.Read()], [], HostFactsProbe.Probe(new Spec()), ownMounts: true));

    private static void Run(LaunchPlan plan)
    {
        using RunningContainer worker = Launcher.Start(plan);
        Check((int)Sys.WaitidPidfd(worker.PidFd).OrThrow("waitid"));
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new WorkerFailedException(code);
        }
    }
}
