using Csrun.Labs.Model;

namespace Csrun.Labs.Lessons;

/// <summary>Mapping a mount that is mapped: what the kernel does beside what the article says.</summary>
internal static class MapAMappedMount
{
    internal static Lab Lab { get; } = new()
    {
        Name = "map-a-mapped-mount",
        What = "mapping a mapped mount: the new map takes the place of the old one, it is not added to it",
        Source = LabSource.Lxc("まとめ"),
        Needs = [LabNeed.Root, LabNeed.SecondMap],
        Lesson = """
            The article's summary says that since Linux 5.17 an ID-mapped mount can itself be the source of an ID-mapped mount, so that mapping is recursive. What the kernel does is this: mount_setattr(2) refuses a mount that has a map already (EPERM); open_tree_attr(2), new in Linux 6.15, gives a copy of it another map. That map counts the IDs on disk again, as if the first map were not there.
            """,
        Steps =
        [
            new("A directory of root's.", "mkdir src one two"),
            new("A file in it with group 42.", "install -m 0640 -g 42 /dev/null src/shadow"),
            new("The first map: 0 becomes 100000.", "csrun idmap mount --map-mount b:0:100000:65536 src one"),
            new("Group 42 is 100042.", "ls -ln one/shadow") { Expect = "-rw-r----- 1 100000 100042 * * * * one/shadow" },
            new("A map on top of it that would make 300000 of 100000, were it added to the first.", "csrun idmap mount --map-mount b:100000:300000:65536 one two"),
            new("It was not: IDs on disk start at 0, which this map does not have.", "ls -ln two/shadow") { Expect = "-rw-r----- 1 65534 65534 * * * * two/shadow" },
            new("Off with it.", "csrun idmap umount two"),
            new("A map that counts from what is on disk...", "csrun idmap mount --map-mount b:0:200000:65536 one two"),
            new("...gives what it says: 42 is 200042, whatever the first mount shows.", "ls -ln two/shadow one/shadow src/shadow")
            {
                Expect = """
                    -rw-r----- 1 100000 100042 * * * * one/shadow
                    -rw-r----- 1 0 42 * * * * src/shadow
                    -rw-r----- 1 200000 200042 * * * * two/shadow
                    """,
            },
        ],
    };
}
