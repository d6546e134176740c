using System.Runtime.InteropServices;
using Csrun.Linux.Abi;
using Csrun.Linux.Child;

namespace Csrun.Linux.Tests.Child;

/// <summary>Building a program: operations, slots, memory and its limits. Running one takes the native binary (integration tests).</summary>
public sealed class RawProgramTests
{
    [Fact]
    public void Operations_keep_their_order_and_their_step()
    {
        using RawProgram program = new();
        program.BeginStep(3);
        program.Call(Syscall.setsid, []);
        program.BeginStep(7);
        program.Call(Syscall.umask, [18]);
        program.Call(Syscall.close, [5]);
        Assert.Equal(3, program.Count);
        Assert.Equal([3, 7, 7], Enumerable.Range(0, 3).Select(program.StepOf));
    }

    [Fact]
    public void Slots_are_read_where_arguments_are_slots_and_written_by_results()
    {
        using RawProgram program = new();
        FdSlot a = new(0, "a");
        FdSlot b = new(1, "b");
        program.Call(Syscall.openat2, [Arg.Cwd, 1, 2, 24], a);
        program.Call(Syscall.move_mount, [a, 1, b, 2, 0x44]);
        program.StoreSlot(program.Zeroed(4), b);
        program.LoadSlot(a, program.Zeroed(4));
        Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(i => program.Use(i).IsCall));
        Assert.Equal([[], [0, 1], [1], []], Enumerable.Range(0, 4).Select(i => program.Use(i).Reads.ToArray()));
        Assert.Equal([0, -1, -1, 0], Enumerable.Range(0, 4).Select(i => program.Use(i).Writes));
    }

    [Fact]
    public void Slots_start_empty_and_can_be_set()
    {
        using RawProgram program = new();
        Assert.Equal(-1, program.GetSlot(new FdSlot(0, "a")));
        Assert.Equal(-1, program.GetSlot(new FdSlot(511, "last")));
        program.SetSlot(new FdSlot(511, "last"), 42);
        Assert.Equal(42, program.GetSlot(new FdSlot(511, "last")));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(int.MaxValue)]
    public void A_slot_outside_the_program_is_refused(int index)
    {
        using RawProgram program = new();
        FdSlot slot = new(index, "outside");
        Assert.Throws<CsrunException>(() => program.SetSlot(slot, 1));
        Assert.Throws<CsrunException>(() => program.GetSlot(slot));
        Assert.Throws<CsrunException>(() => program.SetRootSlot(slot));
        Assert.Throws<CsrunException>(() => program.Call(Syscall.setsid, [], slot));
        Assert.Throws<CsrunException>(() => program.Call(Syscall.close, [slot]));
        Assert.Throws<CsrunException>(() => program.StoreSlot(program.Zeroed(4), slot));
        Assert.Equal(0, program.Count); // an operation that was refused is not there
    }

    [Fact]
    public void The_sixth_argument_cannot_be_a_slot_and_there_is_no_seventh()
    {
        using RawProgram program = new();
        FdSlot slot = new(0, "a");
        program.Call(Syscall.fsconfig, [1, 2, 3, 4, slot]);
        Assert.Throws<ArgumentException>(() => program.Call(Syscall.fsconfig, [1, 2, 3, 4, 5, slot]));
        Assert.Throws<ArgumentException>(() => program.Call(Syscall.fsconfig, [1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal(1, program.Count);
    }

    [Fact]
    public void An_errno_that_has_no_bit_cannot_be_tolerated()
    {
        using RawProgram program = new();
        program.Call(Syscall.mkdirat, [1, 2, 3], null, [Errno.EEXIST]);
        // 1 << 95 would be 1 << 31: another errno would be let through.
        Assert.Throws<ArgumentException>(() => program.Call(Syscall.mkdirat, [1, 2, 3], null, [Errno.EOPNOTSUPP]));
        Assert.Equal(1, program.Count);
    }

    [Fact]
    public void Strings_end_with_zero_and_are_utf8()
    {
        using RawProgram program = new();
        nint text = program.Utf8("dä/x");
        Assert.Equal([(byte)'d', 0xc3, 0xa4, (byte)'/', (byte)'x', 0], program.View(text, 6).ToArray());
        Assert.Equal([0], program.View(program.Utf8(""), 1).ToArray());
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("/etc\0/passwd")]
    [InlineData("end\0")]
    public void A_zero_character_is_refused_and_shown(string text)
    {
        using RawProgram program = new();
        Assert.Contains("\\0", Assert.Throws<CsrunException>(() => program.Utf8(text)).Message, StringComparison.Ordinal);
        Assert.Throws<CsrunException>(() => program.Utf8Array(["fine", text]));
    }

    [Fact]
    public void An_array_of_strings_ends_with_a_null_pointer()
    {
        using RawProgram program = new();
        ReadOnlySpan<nint> array = MemoryMarshal.Cast<byte, nint>(program.View(program.Utf8Array(["sh", "-c", ""]), 4 * nint.Size));
        Assert.Equal("sh\0"u8.ToArray(), program.View(array[0], 3).ToArray());
        Assert.Equal("-c\0"u8.ToArray(), program.View(array[1], 3).ToArray());
        Assert.Equal("\0"u8.ToArray(), program.View(array[2], 1).ToArray());
        Assert.Equal(0, array[3]);
        Assert.Equal(new byte[nint.Size], program.View(program.Utf8Array([]), nint.Size).ToArray());
    }

    [Fact]
    public void Structures_are_aligned_and_do_not_overlap()
    {
        using RawProgram program = new();
        nint a = program.Bytes([1, 2, 3]);
        nint b = program.UInt32s([0x01020304]);
        nint c = program.Zeroed(40);
        Assert.All((nint[])[a, b, c], address => Assert.Equal(0, address % 16));
        Assert.True(b >= a + 3 && c >= b + 4);
        Assert.Equal([1, 2, 3], program.View(a, 3).ToArray());
        Assert.Equal([4, 3, 2, 1], program.View(b, 4).ToArray());
        Assert.All(program.View(c, 40).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Too_many_operations_are_refused()
    {
        using RawProgram program = new();
        for (int i = 0; i < 65536; i++)
        {
            program.Call(Syscall.setsid, []);
        }

        Assert.Equal("the plan is too long", Assert.Throws<CsrunException>(() => program.Call(Syscall.setsid, [])).Message);
        Assert.Equal(65536, program.Count);
    }

    [Fact]
    public void Too_much_memory_is_refused_and_what_fits_is_taken()
    {
        using RawProgram program = new();
        string argument = new('a', 1 << 20);
        CsrunException? refused = null;
        int taken = 0;
        while (refused is null && taken < 100)
        {
            try
            {
                program.Utf8(argument);
                taken++;
            }
            catch (CsrunException e)
            {
                refused = e;
            }
        }

        Assert.Equal("the program for the container is too large", refused?.Message);
        Assert.InRange(taken, 16, 31); // more than the 2 MiB that execve takes of arguments and environment each
        program.Utf8("a short one still fits");
        Assert.Throws<CsrunException>(() => program.Zeroed(int.MaxValue));
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        using RawProgram program = new();
        Assert.ThrowsAny<Exception>(() => program.Zeroed(-1));
    }

    [Fact]
    public void A_program_that_did_not_run_has_no_failure_and_no_results()
    {
        using RawProgram program = new();
        program.Call(Syscall.setsid, []);
        Assert.Null(program.Failure);
        Assert.Equal(Errno.None, program.ResultErrno(0));
    }

    [Fact]
    public void A_disposed_program_is_refused()
    {
        RawProgram program = new();
        program.Dispose();
        program.Dispose();
        Assert.Throws<ObjectDisposedException>(() => program.Count);
        Assert.Throws<ObjectDisposedException>(() => program.Utf8("x"));
        Assert.Throws<ObjectDisposedException>(() => program.Call(Syscall.setsid, []));
    }

    [Fact]
    public void The_child_is_not_started_where_code_is_compiled_at_run_time()
    {
        using RawProgram program = new();
        using ControlSocket control = new();
        CsrunException e = Assert.Throws<CsrunException>(() => ClonedChild.Start(program, control, 3, 0));
        Assert.Contains("compiled at run time", e.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_structures_have_the_kernels_sizes()
    {
        Assert.Equal(88, Marshal.SizeOf<CloneArgs>());
        Assert.Equal(56, Marshal.SizeOf<MsgHdr>());
        Assert.Equal(16, Marshal.SizeOf<IoVec>());
        Assert.Equal(88, Marshal.SizeOf<RawOp>());
    }
}
