using System.Text;
using Csrun.Linux;
using Csrun.Linux.Abi;
using Csrun.Linux.Handles;
using Csrun.Linux.Processes;
using Csrun.Runtime.State;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary>A container in the background: csrun starts itself in a session of its own, and that process does what <c>run</c>
/// does, stays with the container, and writes its end down. docs/adr/0017.</summary>
internal sealed class Supervision
{
    /// <summary>The first argument of a supervising csrun; no verb of the command line begins like this.</summary>
    internal const string Marker = "(csrun-supervisor)";

    // Where the ID goes once the command runs. Not close-on-exec: csrun may have to become a sealed copy of itself on the way.
    private const int ReportFd = 10;

    /// <summary>Begins in the supervising process: until the command runs it ends with the csrun that the user called.</summary>
    internal Supervision()
    {
        Sys.Prctl(PrctlOption.PR_SET_PDEATHSIG, (nint)Signal.SIGKILL);
        Sys.SetName("csrun");
    }

    /// <summary>Starts the supervising process and waits until the command runs, or could not be started.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The exit code for csrun to end with.</returns>
    internal static int Start(IReadOnlyList<string> args)
    {
        (SafeFd read, SafeFd write) = Sys.Pipe2();
        using (read)
        {
            Spawned? supervisor;
            using (write)
            {
                SafeFd?[] descriptors = new SafeFd?[ReportFd + 1];
                descriptors[ReportFd] = write;
                Spawned.TryStart("/proc/self/exe", ["csrun", Marker, .. args], EnvironmentBlock.Read(), descriptors, out supervisor, newSession: true).OrThrow("posix_spawn", "/proc/self/exe");
            }

            Span<byte> id = stackalloc byte[128];
            int length = 0;
            while (length < id.Length && Sys.Read(read, id[length..]) is { Ok: true, Value: > 0 } some)
            {
                length += some.Int;
            }

            if (length != 0)
            {
                FdWriter.Stdout.Write(Encoding.UTF8.GetString(id[..length]) + "\n");
                FdWriter.Stdout.Flush();
                return 0;
            }

            int code = supervisor!.Wait();
            return code < 128
                ? code
                : throw new CsrunException("the container was not started", $"csrun's process in the background was ended by signal {code - 128} before the command ran", "try again; dmesg | tail tells of memory that ran out");
        }
    }

    /// <summary>The command runs: keeps the container where it is to stay after its end, lets go of everything that is the caller's, and tells the caller the container's ID.</summary>
    /// <exception cref="KernelException">The caller is not there any more to hear it: nobody knows the container, and it has to go.</exception>
    internal void Started(ContainerDirectory container, bool stays)
    {
        if (stays)
        {
            container.Keep();
        }

        Sys.Prctl(PrctlOption.PR_SET_PDEATHSIG);
        Environment.CurrentDirectory = "/";
        using (SafeFd nothing = Sys.Openat2(null, "/dev/null", OpenFlags.O_RDWR).FdOrThrow("openat2", "/dev/null"))
        {
            for (int stream = 0; stream < 3; stream++)
            {
                Sys.Dup3(nothing, stream).OrThrow("dup3");
            }
        }

        Sys.Write(ReportFd, Encoding.UTF8.GetBytes(container.Id)).OrThrow("write", "the pipe to the caller");
        // The report's end among them: that is what the caller waits for.
        InheritedDescriptors.Close();
    }
}
