using Csrun.Linux.Abi;
using Csrun.Linux.Child;
using Csrun.Linux.Handles;

namespace Csrun.Linux.Tests.Child;

/// <summary>The socket between csrun and the child.</summary>
public sealed class ControlSocketTests
{
    [Fact]
    public void The_childs_end_is_out_of_the_way_of_its_fixed_number()
    {
        using ControlSocket control = new();
        Assert.True(control.Child.Number >= 10);
    }

    [Fact]
    public void Both_ends_close_on_exec()
    {
        using ControlSocket control = new();
        foreach (SafeFd end in (SafeFd[])[control.Parent, control.Child])
        {
            string flags = File.ReadLines($"/proc/self/fdinfo/{end.Number}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            Assert.Equal(0x80000, Convert.ToInt32(flags.Split('\t')[1], 8) & 0x80000); // O_CLOEXEC
        }
    }

    [Fact]
    public void The_end_of_the_childs_side_is_end_of_file()
    {
        using ControlSocket control = new();
        control.Child.Dispose();
        SysResult received = control.Receive(out SafeFd? fd);
        Assert.True(received.Ok);
        Assert.Equal(0, received.Value);
        Assert.Null(fd);
    }

    [Fact]
    public void A_message_to_a_child_that_has_gone_is_an_error_and_no_signal()
    {
        using ControlSocket control = new();
        control.Child.Dispose();
        Assert.Equal(Errno.EPIPE, control.Send((byte)'B', []).Errno);
    }
}
