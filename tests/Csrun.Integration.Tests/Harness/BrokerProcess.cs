using System.Diagnostics;
using System.Text;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A broker of root on a socket of its own, for the tests of one class; what it logs is kept.</summary>
public class BrokerProcess : IDisposable
{
    private static int s_count;

    private readonly string _directory = $"/run/csrun-it-{Environment.ProcessId}-broker-{Interlocked.Increment(ref s_count)}";
    private readonly StringBuilder _log = new();
    private readonly Process? _process;

    /// <summary>Starts it, where the tests run as root.</summary>
    public BrokerProcess()
        : this(null)
    {
    }

    /// <summary>Starts it in a mount namespace of its own.</summary>
    /// <param name="preparation">Shell commands that change what it sees there; <c>$1</c> is a directory that goes with the broker. Null: it shares the host's.</param>
    protected BrokerProcess(string? preparation)
    {
        if (!Host.IsRoot)
        {
            return;
        }

        if (preparation is not null)
        {
            Directory.CreateDirectory(_directory);
            File.SetUnixFileMode(_directory, (UnixFileMode)0x1ed); // as the broker makes it: whoever may ask has to reach the socket
        }

        string[] inside = preparation is null ? [] : ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", preparation + "\nshift; exec \"$@\"", "sh", _directory];

        // With the capabilities that the service has, and with its no_new_privs: root's others would hide what the unit lacks.
        string[] line =
        [
            .. inside,
            "/usr/bin/setpriv", $"--bounding-set=-all,{string.Join(',', UnitCapabilities().Select(c => $"+{c}"))}", "--inh-caps=-all", "--no-new-privs", "--", Host.Csrun, "broker", "serve", "--socket", Socket,
        ];
        ProcessStartInfo info = new(line[0], line[1..])
        {
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        _process = Process.Start(info) ?? throw new InvalidOperationException("the broker did not start");
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        _process.BeginErrorReadLine();
        WaitFor("serves at");
    }

    /// <summary>The capabilities in the unit that <c>csrun broker install</c> writes, in setpriv(1)'s spelling.</summary>
    private static IEnumerable<string> UnitCapabilities()
    {
        const string Key = "CapabilityBoundingSet=";
        string line = File.ReadLines(Path.Combine(Host.Repository, "systemd/csrun-broker.service")).Single(l => l.StartsWith(Key, StringComparison.Ordinal));
        return line[Key.Length..].Split(' ').Select(c => c["CAP_".Length..].ToLowerInvariant());
    }

    /// <summary>Its socket.</summary>
    public string Socket => $"{_directory}/broker.sock";

    /// <summary>For csrun: where the broker listens.</summary>
    public Dictionary<string, string?> Variables => new() { ["CSRUN_BROKER"] = Socket };

    /// <summary>What it logged.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Whether it still runs.</summary>
    public bool Runs => _process is { HasExited: false };

    /// <summary>How many descriptors it has open.</summary>
    public int Descriptors => Directory.GetFiles($"/proc/{_process!.Id}/fd").Length;

    /// <summary>How many processes it has started that are still there.</summary>
    public int Children => Directory.GetDirectories($"/proc/{_process!.Id}/task").Sum(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);

    /// <summary>Asserts that no process of its own is left; what is about to end gets two seconds.</summary>
    public void AssertNoChildren() => Assert.True(SpinWait.SpinUntil(() => Children == 0, 2000), $"{Children} processes of the broker's are left");

    /// <summary>Waits until it has logged a text.</summary>
    public void WaitFor(string text)
    {
        for (int i = 0; i < 400; i++)
        {
            if (Log.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            Thread.Sleep(50);
        }

        Assert.Fail($"the broker did not log \"{text}\" but:\n{Log}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
            Directory.Delete(_directory, recursive: true);
        }
    }
}
