using Csrun.Linux.Child;
using Csrun.Plan.Ops;

namespace Csrun.Plan.Tests.Ops;

/// <summary>The copy of a tree: what is printed is what runs, in an order that works.</summary>
public sealed class CopyTreeTests
{
    internal static CopiedTree Tree { get; } = new(
        "/x",
        [
            new CopiedEntry("", CopiedKind.Directory, 0x1ed),
            new CopiedEntry("d", CopiedKind.Directory, 0x140) { Attributes = [new CopiedAttribute("user.a", [1])] },
            new CopiedEntry("d/f", CopiedKind.File, 0x9a4) { Size = 5_000_000_000, Attributes = [new CopiedAttribute("security.capability", [1, 2])] },
            new CopiedEntry("d/l", CopiedKind.Symlink, 0x1ff) { Target = "../x" },
            new CopiedEntry("p", CopiedKind.Fifo, 0x180),
        ],
        KeepsMode: false, KeepsOwner: false);

    [Fact]
    public void Every_call_is_printed_in_its_order()
    {
        CopyTreeOp op = Copy(Tree);
        using RawProgram program = new();
        op.Lower(program);
        StraceText text = new();
        op.ToStrace(text);
        Assert.Equal(Enumerable.Range(0, program.Count).Count(i => program.Use(i).IsCall), text.Calls.Count);
        // A read-only directory gets its mode when everything is in it; so do the times of directories.
        Assert.True(Index("fchmodat(<tmpfs>, \"d\"") > Index("symlinkat(\"../x\""));
        Assert.True(Index("fchmodat(<tmpfs>, \".\"") > Index("fchmodat(<tmpfs>, \"d\""));
        // chown takes the set-user-ID bit away, so the mode comes after it.
        Assert.True(Index("fchmod(<copy>, 04644)") > Index("fchown(<copy>"));
        Assert.Equal(3, text.Calls.Count(c => c.StartsWith("sendfile", StringComparison.Ordinal) && !c.EndsWith(" 1)", StringComparison.Ordinal)));

        int Index(string call) => text.Calls.ToList().FindIndex(c => c.StartsWith(call, StringComparison.Ordinal)) is >= 0 and int at ? at : throw new KeyNotFoundException(call);
    }

    [Fact]
    public void A_mode_or_owner_of_the_mounts_own_stays()
    {
        StraceText text = new();
        Copy(new CopiedTree("/x", [new CopiedEntry("", CopiedKind.Directory, 0x1ed)], KeepsMode: true, KeepsOwner: true)).ToStrace(text);
        Assert.Equal(["utimensat(<tmpfs>, \".\", ...)"], text.Calls);
    }

    private static CopyTreeOp Copy(CopiedTree tree) => new(new FdSlot(0, "rootfs /x"), new FdSlot(1, "tmpfs"), tree, new FdSlot(2, "file"), new FdSlot(3, "copy"), new FdSlot(4, "owner"), new FdSlot(5, "group"));
}
