using System.Runtime.InteropServices;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;

namespace Csrun.Runtime.Attend;

/// <summary>Carries bytes between the caller's standard streams and the container's terminal.</summary>
internal static class TerminalRelay
{
    private const short POLLIN = 1;
    private const short POLLOUT = 4;
    private const int Stdin = 0;
    private const int Stdout = 1;

    /// <summary>Runs until the container closes its end, or has ended and nothing is left to read.</summary>
    public static void Run(SafeFd master, SafeFd pidfd, bool interactive, int destination)
    {
        using RawMode? raw = interactive ? RawMode.TryEnter(Stdin) : null;
        using PosixSignalRegistration resize = PosixSignalRegistration.Create((PosixSignal)(int)Signal.SIGWINCH, _ => CopySize(master));
        CopySize(master);
        byte[] input = new byte[4096];
        int pending = 0, sent = 0;
        bool reading = interactive;
        byte[] output = new byte[16384];
        Span<PollFd> fds = stackalloc PollFd[3];
        while (true)
        {
            fds[0] = new PollFd(master.Number, (short)(POLLIN | (pending > sent ? POLLOUT : 0)), 0);
            fds[1] = new PollFd(reading && pending == sent ? Stdin : -1, POLLIN, 0);
            fds[2] = new PollFd(pidfd.Number, POLLIN, 0);
            SysResult polled = Sys.Ppoll(fds);
            if (!polled.Ok && polled.Errno != Errno.EINTR)
            {
                polled.OrThrow("ppoll");
            }

            if (!polled.Ok)
            {
                continue;
            }

            if ((fds[0].Revents & POLLOUT) != 0)
            {
                SysResult written = Sys.Write(master, input.AsSpan(sent, pending - sent));
                sent = written.Ok ? sent + written.Int : pending;
            }

            if ((fds[0].Revents & ~POLLOUT) != 0)
            {
                SysResult read = Sys.Read(master, output);
                if (!read.Ok || read.Value == 0)
                {
                    return; // EIO: the last descriptor of the container's end is closed
                }

                WriteAll(destination, output.AsSpan(0, read.Int));
            }
            else if (fds[2].Revents != 0)
            {
                return; // ended, and the terminal is empty
            }

            if (fds[1].Revents != 0)
            {
                SysResult read = Sys.Read(Stdin, input);
                if (read.Ok && read.Value > 0)
                {
                    (pending, sent) = (read.Int, 0);
                }
                else
                {
                    // End of the caller's input: what a person would type, Ctrl-D, says so to the container.
                    reading = false;
                    (input[0], pending, sent) = (4, 1, 0);
                }
            }
        }
    }

    private static void WriteAll(int destination, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            SysResult written = Sys.Write(destination, bytes);
            if (!written.Ok)
            {
                return; // the caller's output is gone; the container goes on
            }

            bytes = bytes[written.Int..];
        }
    }

    private static void CopySize(SafeFd master)
    {
        if (Sys.GetWindowSize(Stdin) is { Ok: true } size || Sys.GetWindowSize(Stdout) is { Ok: true } && (size = Sys.GetWindowSize(Stdout)).Ok)
        {
            Sys.SetWindowSize(master, (ushort)(size.Int >> 16), (ushort)size.Int);
        }
    }
}
