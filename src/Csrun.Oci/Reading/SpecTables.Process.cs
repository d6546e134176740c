namespace Csrun.Oci;

/// <content>config.md, "Process".</content>
internal static partial class SpecTables
{
    private static Process Process(SpecCodec c, Process v) => new()
    {
        Terminal = c.Flag("terminal", v.Terminal),
        ConsoleSize = c.ObjectOrNull("consoleSize", v.ConsoleSize, ConsoleSize),
        User = c.ObjectOrNull("user", v.User, User) ?? v.User,
        Args = c.Texts("args", v.Args),
        Env = c.Texts("env", v.Env),
        Cwd = c.Text("cwd", v.Cwd),
        Capabilities = c.ObjectOrNull("capabilities", v.Capabilities, Capabilities),
        Rlimits = c.List("rlimits", v.Rlimits, Rlimit),
        NoNewPrivileges = c.Flag("noNewPrivileges", v.NoNewPrivileges),
        ApparmorProfile = c.TextOrNull("apparmorProfile", v.ApparmorProfile),
        OomScoreAdj = c.IntOrNull("oomScoreAdj", v.OomScoreAdj),
        SelinuxLabel = c.TextOrNull("selinuxLabel", v.SelinuxLabel),
        Scheduler = c.ObjectOrNull("scheduler", v.Scheduler, Scheduler),
        IoPriority = c.ObjectOrNull("ioPriority", v.IoPriority, IoPriority),
        ExecCpuAffinity = c.ObjectOrNull("execCPUAffinity", v.ExecCpuAffinity, CpuAffinity),
    };

    private static ConsoleSize ConsoleSize(SpecCodec c, ConsoleSize v) => new()
    {
        Height = c.UInt("height", v.Height),
        Width = c.UInt("width", v.Width),
    };

    private static User User(SpecCodec c, User v) => new()
    {
        Uid = c.UInt("uid", v.Uid, must: false),
        Gid = c.UInt("gid", v.Gid, must: false),
        Umask = c.UIntOrNull("umask", v.Umask),
        AdditionalGids = c.UInts("additionalGids", v.AdditionalGids),
    };

    private static Capabilities Capabilities(SpecCodec c, Capabilities v) => new()
    {
        Bounding = c.Texts("bounding", v.Bounding),
        Effective = c.Texts("effective", v.Effective),
        Inheritable = c.Texts("inheritable", v.Inheritable),
        Permitted = c.Texts("permitted", v.Permitted),
        Ambient = c.Texts("ambient", v.Ambient),
    };

    private static Rlimit Rlimit(SpecCodec c, Rlimit v) => new()
    {
        Type = c.Text("type", v.Type),
        Soft = c.ULong("soft", v.Soft),
        Hard = c.ULong("hard", v.Hard),
    };

    private static Scheduler Scheduler(SpecCodec c, Scheduler v) => new()
    {
        Policy = c.Text("policy", v.Policy),
        Nice = c.IntOrNull("nice", v.Nice),
        Priority = c.IntOrNull("priority", v.Priority),
        Flags = c.Texts("flags", v.Flags),
        Runtime = c.ULongOrNull("runtime", v.Runtime),
        Deadline = c.ULongOrNull("deadline", v.Deadline),
        Period = c.ULongOrNull("period", v.Period),
    };

    private static IoPriority IoPriority(SpecCodec c, IoPriority v)
    {
        string ofClass = c.Text("class", v.Class);
        return new()
        {
            Class = ofClass,
            Priority = c.Int("priority", v.Priority, must: ofClass != "IOPRIO_CLASS_IDLE"), // a class of one priority
        };
    }

    private static CpuAffinity CpuAffinity(SpecCodec c, CpuAffinity v) => new()
    {
        Initial = c.TextOrNull("initial", v.Initial),
        Final = c.TextOrNull("final", v.Final),
    };
}
