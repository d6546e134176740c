using Csrun.Engine.Lifecycle;
using Csrun.Commands;
using Csrun.Linux.Accounts;
using Csrun.Linux.Handles;
using Csrun.Oci;
using Csrun.Plan;
using Csrun.Plan.Cgroups;
using Csrun.Plan.Identity;
using Csrun.Plan.Planning;
using Csrun.Plan.Requests;
using Csrun.Plan.Specs;
using Csrun.Runtime.Attend;
using Csrun.Runtime.Host;
using Csrun.Runtime.Launch;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun run</c>: from the request to the container's exit code.</summary>
internal static class RunContainer
{
    internal static int Run(RunRequest request, GlobalOptions options, Supervision? supervision)
    {
        WatchedLaunch.Check(request);
        Caller caller = new(options);
        Spec? config = ConfigFile.Read(request);
        ConfigFeatures.Check(request, config);
        NetDeviceRights.Check(config ?? new Spec());
        request = ConfigFile.WithRoot(request, config);
        string? imageName = SpecBuilder.ImageName(request, config);
        Identity identity = Identity.Choose(caller, request, config);
        if (SealedExecutable.IsWritableBy(identity.Plan.NewUserNamespace ? identity.Plan.Maps : null) && !SealedExecutable.IsSealed)
        {
            SealedExecutable.Replace();
        }

        ImageTree? image = imageName is null ? null : ImageTree.Ensure(caller, imageName, identity);
        using SafeFd? inUse = image is null ? null : caller.Store.HoldTree(image.Image.Digest, ImageTree.Key(caller, identity));
        string id = ContainerDirectory.NewId();
        Spec spec = BuildSpec(caller, request, config, identity, image, id);
        using SeccompAgent? agent = request.Explain is null ? SeccompAgent.Connect(spec, config?.Linux?.Seccomp is not null && request.Security.Seccomp is null) : null;
        VolumeOwners.Change(caller, request, identity, spec.Process!.User);
        CgroupPlan? cgroup = CgroupChoice.Choose(caller, spec, id, wished: request.Detach);
        Prelude prelude = LaunchPlanner.Prelude(spec, identity.Writer, identity.Plan.DenySetgroups, cgroup);

        // Cloned as early as possible: what follows happens while newuidmap and newgidmap run and the child makes its namespaces.
        // A trace shows one step after the other, and needs the whole plan for that.
        using RunBookkeeping books = new(caller, request, identity, supervision, id);
        if (cgroup is not null && request.Explain is null)
        {
            books.Foresee(cgroup);
        }

        using Launcher? early = request.Explain is null && !request.IsWatched ? Launcher.Begin(PreludePlanner.Plan(prelude)) : null;
        try
        {
            books.Begin(layered: image is not null);
            using DetachedStreams? streams = request.Detach ? DetachedStreams.Open(books.Directory!, request) : null;
            SeccompDecision seccomp = SeccompChoice.Choose(caller, request, config, spec);
            WatchedLaunch launch = WatchedLaunch.Prepare(caller, request, config, Plan(caller, request, config, identity, image, books.Directory, spec, seccomp, streams, cgroup));
            if (launch.Print() is { } printed)
            {
                return printed;
            }

            using Launcher? traced = early is null ? launch.Begin() : null;
            (early ?? traced!).SendListener = (pid, listener) => agent?.Send(pid, listener, OciState.Of(id, books.Directory?.Path ?? spec.Root!.Path, pid, "creating", spec));
            using RunningContainer running = launch.Finish(early ?? traced!);
            running.Cgroup?.RemovedAtEnd = true;
            Notes.Write(running.Cgroup?.Notes ?? []);
            books.Started(running, image, seccomp, spec, launch.Plan.MappedVolumes);
            int exitCode = Attendant.Attend(running, request.Interactive, streams?.Log);
            books.Ended(exitCode);
            return exitCode;
        }
        finally
        {
            // The child first: while it lives it holds the layer.
            early?.Dispose();
        }
    }

    private static Spec BuildSpec(Caller caller, RunRequest request, Spec? config, Identity identity, ImageTree? image, string id)
    {
        string root = image?.Path ?? Path.GetFullPath(request.RootfsDir!);
        ImageDefaults defaults = image is null ? ImageDefaults.None : Defaults(image);
        return SpecBuilder.Build(new SpecInputs
        {
            Request = request,
            ContainerId = id,
            RootPath = root,
            User = User(root, request, config, defaults, identity),
            Maps = identity.Plan.NewUserNamespace ? identity.Plan.Maps : null,
            Caller = caller.SpecFacts(),
            Image = defaults,
            Config = config,
        });
    }

    private static LaunchPlan Plan(Caller caller, RunRequest request, Spec? config, Identity identity, ImageTree? image, ContainerDirectory? container, Spec spec, SeccompDecision seccomp, DetachedStreams? streams, CgroupPlan? cgroup)
    {
        string root = spec.Root!.Path;
        NetworkMode network = SpecBuilder.OwnNetwork(request, config) ? NetworkMode.None : NetworkMode.Host;
        if (image is not null && !identity.RootIsCaller)
        {
            container!.OpenToContainer();
        }

        LaunchPlan plan = LaunchPlanner.Plan(new LaunchRequest
        {
            Spec = spec,
            Rootfs = image is null
                ? new DirectoryRootfs(root, identity.NeedsMapping(caller, root))
                : new LayeredRootfs(image.Path, container!.Path, image.IdMapped),
            Facts = HostFactsProbe.Probe(spec),
            MapWriter = identity.Writer,
            DenySetgroups = identity.Plan.DenySetgroups,
            KeepGroups = request.KeepGroups,
            Init = request.Init,
            Interactive = request.Interactive,
            Streams = streams?.ForChild ?? [],
            EtcFiles = ContainerEtc.Files(spec, network, image is null ? root : null),
            CoveredModes = CoveredModesProbe.Probe(spec.Mounts, config?.Mounts ?? [], image?.Path ?? root),
            SeccompFilter = seccomp.Filter,
            Cgroup = cgroup,
        });
        VolumeTiers.Note(plan.MappedVolumes);
        return plan;
    }

    private static ImageDefaults Defaults(ImageTree image) => new()
    {
        Env = image.Image.Config.Env,
        Entrypoint = image.Image.Config.Entrypoint,
        Cmd = image.Image.Config.Cmd,
        User = image.Image.Config.User,
        Workdir = image.Image.Config.WorkingDir,
    };

    private static ResolvedUser User(string root, RunRequest request, Spec? config, ImageDefaults defaults, Identity identity)
    {
        UserSpec user = SpecBuilder.WantedUser(request, config, defaults) is { } wanted
            ? UserSpec.Parse(wanted)
            : identity.Plan.DefaultUser ?? UserSpec.Root;
        if (request.User is null && config is null && identity.Plan.DefaultUser is { } own)
        {
            user = own;
        }

        return request.KeepGroups
            ? IdentityPlanner.Fit(identity.Plan, AccountFiles.Resolve(root, user, []) with { AdditionalGids = [] }, identity.Facts)
            : IdentityPlanner.Fit(identity.Plan, AccountFiles.Resolve(root, user, request.GroupAdd), identity.Facts);
    }
}
