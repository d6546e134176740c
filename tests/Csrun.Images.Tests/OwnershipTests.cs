using Csrun.Images.Tests.Harness;
using Csrun.Images.Unpacking;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Images.Tests;

/// <summary>Owners, devices and attributes, with and without privilege.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly Sandbox _box = new();

    public void Dispose() => _box.Dispose();

    private static TarBuilder Owned() => new TarBuilder()
        .Add('5', "d", uid: 35, gid: 36, mode: 0x5ed)
        .Add('0', "d/f", "x"u8.ToArray(), uid: 1000, gid: 42, mode: 0x9ed)
        .Add('2', "d/l", link: "f", uid: 7, gid: 8)
        .Add('6', "d/p", uid: 9, gid: 10);

    [RootFact]
    public void Owners_are_those_of_the_archive()
    {
        UnpackResult result = _box.Unpack(Owned().End());
        Assert.Equal("35:36 2755, 1000:42 4755, 7:8, 9:10", $"{_box.Stat("d", "%U:%G %m")}, {_box.Stat("d/f", "%U:%G %m")}, {_box.Stat("d/l", "%U:%G")}, {_box.Stat("d/p", "%U:%G")}");
        Assert.Equal((1000u, 42u), (result.HighestUid, result.HighestGid));
    }

    [Fact]
    public void With_a_single_id_owners_are_dropped_and_counted()
    {
        UnpackResult result = _box.Unpack(Owned().End(), new UnpackOptions { SingleId = true });
        Assert.Equal(4, result.DroppedOwners);
        Assert.Contains("4 files lost their owner", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Equal($"{TarBuilder.Me}", _box.Stat("d/f", "%U"));
        Assert.Equal(0x9edu, _box.Mode("d/f"));
    }

    [RootFact]
    public void An_id_outside_the_map_is_named_with_the_highest_and_the_first()
    {
        byte[] archive = new TarBuilder().File("ok").Add('0', "first/bad", uid: 5000, gid: 0).Add('0', "worse", uid: 70000, gid: 0).Add('0', "group", uid: 0, gid: 90000).End();
        string error = InNamespace(archive, out int code);
        Assert.Equal(125, code);
        Assert.Contains("[IMAGE_ID_EXCEEDS_RANGE]: \"first/bad\" belongs to 5000:0", error, StringComparison.Ordinal);
        Assert.Contains("highest user ID is 70000 and its highest group ID 90000", error, StringComparison.Ordinal);
        Assert.Contains("the user IDs 0-0", error, StringComparison.Ordinal);

        // The honest twin: all IDs are mapped.
        Assert.Equal("entries=2 devices=0 owners=0", InNamespace(new TarBuilder().File("ok").File("fine").End(), out code).Trim());
        Assert.Equal(0, code);
    }

    [RootFact]
    public void Devices_are_made_by_root()
    {
        UnpackResult result = _box.Unpack(new TarBuilder().Add('3', "null", major: 1, minor: 3, mode: 0x1b6).Add('4', "disk", major: 259, minor: 70000, mode: 0x180).End());
        Assert.Equal(0, result.SkippedDevices);
        Assert.Equal("1:3 character special file, 103:11170 block special file", Tool.Must("stat", "-c", "%t:%T %F", _box.In("null")).Trim() + ", " + Tool.Must("stat", "-c", "%t:%T %F", _box.In("disk")).Trim());
    }

    [RootFact]
    public void Devices_are_left_out_with_a_note_in_a_user_namespace()
    {
        string output = InNamespace(new TarBuilder().Add('3', "dev/null", major: 1, minor: 3).Add('4', "dev/sda", major: 8).File("after", "x").End(), out int code);
        Assert.Equal(0, code);
        Assert.Contains("devices=2", output, StringComparison.Ordinal);
        Assert.Contains("2 device nodes were left out, \"dev/null\" the first", output, StringComparison.Ordinal);
        Assert.Equal("x", _box.Text("after"));
        Assert.Empty(Directory.GetFileSystemEntries(_box.In("dev")));
    }

    [RootFact]
    public void Without_privilege_a_foreign_owner_is_an_error_that_says_how()
    {
        string archive = Path.Combine(_box.Base, "a.tar");
        File.WriteAllBytes(archive, new TarBuilder().Add('0', "f", uid: 5).End());
        Tool.Must("chown", "65534", _box.Root);
        Tool.Must("chmod", "755", _box.Base);
        (int code, _, string error) = Tool.Run("setpriv", ["--reuid", "65534", "--clear-groups", "--regid", "65534", .. Tool.Self, "unpack", archive, _box.Root]);
        Assert.Equal(125, code);
        Assert.Contains("EPERM", error, StringComparison.Ordinal);
        Assert.Contains("user namespace", error, StringComparison.Ordinal);
        (code, string output, _) = Tool.Run("setpriv", ["--reuid", "65534", "--clear-groups", "--regid", "65534", .. Tool.Self, "unpack", archive, _box.Root, "single"]);
        Assert.Equal((0, true), (code, output.Contains("owners=1", StringComparison.Ordinal)));
        File.Delete(archive);
    }

    [Fact]
    public void Attributes_keep_their_bytes()
    {
        byte[] value = [0, 10, 0xff, (byte)'=', 0];
        UnpackResult result = _box.Unpack(new TarBuilder().Pax('x', ("SCHILY.xattr.user.test", value)).File("f").Pax('x', ("SCHILY.xattr.user.dir", value)).Directory("d").End());
        if (result.DroppedXattrs > 0)
        {
            // A file system without user attributes: that has to be said.
            Assert.Contains("EOPNOTSUPP", Assert.Single(result.Notes), StringComparison.Ordinal);
            return;
        }

        Assert.Equal((Convert.ToHexString(value), Convert.ToHexString(value)), (Attribute("f", "user.test"), Attribute("d", "user.dir")));
    }

    [RootFact]
    public void File_capabilities_survive_owner_and_mode()
    {
        // struct vfs_cap_data, revision 2: CAP_NET_RAW permitted and effective. Bytes that are no UTF-8 text.
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        UnpackResult result = _box.Unpack(new TarBuilder().Pax('x', ("SCHILY.xattr.security.capability", capability)).Add('0', "ping", "x"u8.ToArray(), uid: 3, gid: 4, mode: 0x1ed).End());
        Assert.Equal(0, result.DroppedXattrs);
        Assert.Equal(Convert.ToHexString(capability), Attribute("ping", "security.capability"));
    }

    private string Attribute(string path, string name)
    {
        using SafeFd fd = Sys.Openat2(null, _box.In(path), OpenFlags.O_RDONLY).FdOrThrow("openat2", path);
        byte[] value = new byte[100];
        int length = (int)Sys.Fgetxattr(fd, System.Text.Encoding.UTF8.GetBytes(name + "\0"), value).OrThrow("fgetxattr", path);
        return Convert.ToHexString(value, 0, length);
    }

    private string InNamespace(byte[] archive, out int code)
    {
        string file = Path.Combine(_box.Base, "archive.tar");
        File.WriteAllBytes(file, archive);
        (code, string output, string error) = Tool.Run("unshare", ["--user", "--map-root-user", .. Tool.Self, "unpack", file, _box.Root]);
        File.Delete(file);
        return output + error;
    }
}
