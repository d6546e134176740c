namespace Csrun.Commands;

/// <summary>The verbs by name. A verb's object, and with it its options, is made when it is asked for.</summary>
internal static class VerbTable
{
    /// <summary>The names that help, manual and completion list, in this order.</summary>
    internal static IReadOnlyList<string> Names =>
    [
        "run", "exec", "ps", "logs", "inspect", "stop", "kill", "wait", "rm",
        "create", "start", "state", "delete", "list", "spec", "features",
        "pause", "unpause", "resume", "update", "stats", "events", "top",
        "images", "image unpack", "image rm",
        "unshare", "rm-tree", "chown-back", "doctor",
        "idmap mount", "idmap umount", "idmap show", "idmap translate", "idmap whose", "idmap probe", "idmap import-lxc",
        "broker serve", "broker status", "broker install", "broker uninstall",
        "ns", "explain-report",
        "lab list", "lab run",
        "completion", "version",
    ];

    /// <summary>The verb of that name, or null.</summary>
    internal static Verb? Find(string name) => name switch
    {
        "run" => new RunCommand(),
        "exec" => new ExecCommand(),
        "ps" => new PsCommand(),
        "logs" => new LogsCommand(),
        "inspect" => new InspectCommand(),
        "stop" => new StopCommand(),
        "kill" => new KillCommand(),
        "wait" => new WaitCommand(),
        "rm" => new RmCommand(),
        "create" => new CreateCommand(),
        "start" => new StartCommand(),
        "state" => new StateCommand(),
        "delete" => new DeleteCommand(),
        "list" => new ListCommand(),
        "spec" => new SpecCommand(),
        "features" => new FeaturesCommand(),
        "pause" => new PauseCommand(),
        "unpause" or "resume" => new ResumeCommand(name),
        "update" => new UpdateCommand(),
        "stats" => new StatsCommand(),
        "events" => new EventsCommand(),
        "top" => new TopCommand(),
        "images" => new ImagesCommand(),
        "image" => new GroupCommand("image", "work with images", "csrun image unpack IMAGE DIR makes a plain root file system of an image; csrun image rm IMAGE... removes images from the store; csrun images lists them."),
        "image unpack" => new ImageUnpackCommand(),
        "image rm" => new ImageRemoveCommand(),
        "unshare" => new UnshareCommand(),
        "idmap" => new GroupCommand("idmap", "map, show and explain user and group IDs", "Work with ID maps outside containers: mount-idmapped's, newuidmap's and LXC's work, and the translation of an ID on all its way."),
        "idmap mount" => new IdMapMountCommand(),
        "idmap umount" => new IdMapUmountCommand(),
        "idmap show" => new IdMapShowCommand(),
        "idmap translate" => new IdMapTranslateCommand(),
        "idmap whose" => new IdMapWhoseCommand(),
        "idmap probe" => new IdMapProbeCommand(),
        "idmap import-lxc" => new IdMapImportLxcCommand(),
        "broker" => new GroupCommand("broker", "ID-mapped volumes for ordinary users", "The broker is a small service of root that makes ID-mapped mounts for users who may not, of IDs that are their own: what newuidmap is for ID maps. csrun broker install makes it a service; csrun broker serve runs it by hand; csrun broker status says whether it runs."),
        "broker serve" => new BrokerServeCommand(),
        "broker status" => new BrokerStatusCommand(),
        "broker install" => new BrokerInstallCommand(),
        "broker uninstall" => new BrokerUninstallCommand(),
        "rm-tree" => new RmTreeCommand(),
        "chown-back" => new ChownBackCommand(),
        "doctor" => new DoctorCommand(),
        "ns" => new NsCommand(),
        "explain-report" => new ExplainReportCommand(),
        "lab" => new GroupCommand("lab", "lessons about user IDs, run for real", "csrun lab list names the labs; csrun lab run NAME... runs some, csrun lab run all runs every one."),
        "lab list" => new LabListCommand(),
        "lab run" => new LabRunCommand(),
        "completion" => new CompletionCommand(),
        "version" => new VersionCommand(),
        "man" => new ManCommand(),
        _ => null,
    };

    /// <summary>The second words of the verbs that start with this word; empty for a verb of one word.</summary>
    internal static IReadOnlyList<string> Members(string first)
    {
        List<string> members = [];
        foreach (string name in Names)
        {
            if (name.Length > first.Length && name[first.Length] == ' ' && name.StartsWith(first, StringComparison.Ordinal))
            {
                members.Add(name[(first.Length + 1)..]);
            }
        }

        return members;
    }

    /// <summary>The words that are followed by a verb of theirs: <c>image</c>.</summary>
    internal static IReadOnlyList<string> Groups()
    {
        List<string> groups = [];
        foreach (string name in Names)
        {
            int space = name.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && !groups.Contains(name[..space]))
            {
                groups.Add(name[..space]);
            }
        }

        return groups;
    }

    /// <summary>Every listed verb.</summary>
    internal static IReadOnlyList<Verb> All()
    {
        List<Verb> verbs = [];
        foreach (string name in Names)
        {
            verbs.Add(Find(name)!);
        }

        return verbs;
    }
}
