namespace Csrun.Oci;

/// <summary>
/// One table a record: its JSON names, in the order they are written. Each works both ways (<see cref="SpecCodec"/>).
/// </summary>
internal static partial class SpecTables
{
    internal static Spec Spec(SpecCodec c, Spec v) => new()
    {
        OciVersion = c.Text("ociVersion", v.OciVersion),
        Process = c.ObjectOrNull("process", v.Process, Process),
        Root = c.ObjectOrNull("root", v.Root, Root),
        Hostname = c.TextOrNull("hostname", v.Hostname),
        Domainname = c.TextOrNull("domainname", v.Domainname),
        Mounts = c.List("mounts", v.Mounts, Mount),
        Hooks = c.ObjectOrNull("hooks", v.Hooks, Hooks),
        Annotations = c.TextMap("annotations", v.Annotations),
        Linux = c.ObjectOrNull("linux", v.Linux, Linux),
    };

    private static Root Root(SpecCodec c, Root v) => new()
    {
        Path = c.Text("path", v.Path),
        Readonly = c.Flag("readonly", v.Readonly),
    };

    private static Mount Mount(SpecCodec c, Mount v) => new()
    {
        Destination = c.Text("destination", v.Destination),
        Type = c.TextOrNull("type", v.Type),
        Source = c.TextOrNull("source", v.Source),
        Options = c.Texts("options", v.Options),
        UidMappings = c.List("uidMappings", v.UidMappings, IdMapping),
        GidMappings = c.List("gidMappings", v.GidMappings, IdMapping),
    };

    private static LinuxIdMapping IdMapping(SpecCodec c, LinuxIdMapping v) =>
        new(c.UInt("containerID", v.ContainerID), c.UInt("hostID", v.HostID), c.UInt("size", v.Size));

    private static Hooks Hooks(SpecCodec c, Hooks v) => new()
    {
        Prestart = c.List("prestart", v.Prestart, Hook),
        CreateRuntime = c.List("createRuntime", v.CreateRuntime, Hook),
        CreateContainer = c.List("createContainer", v.CreateContainer, Hook),
        StartContainer = c.List("startContainer", v.StartContainer, Hook),
        Poststart = c.List("poststart", v.Poststart, Hook),
        Poststop = c.List("poststop", v.Poststop, Hook),
    };

    private static Hook Hook(SpecCodec c, Hook v) => new()
    {
        Path = c.Text("path", v.Path),
        Args = c.Texts("args", v.Args),
        Env = c.Texts("env", v.Env),
        Timeout = c.IntOrNull("timeout", v.Timeout),
    };
}
