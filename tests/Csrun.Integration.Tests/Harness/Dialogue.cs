using System.Diagnostics;
using System.Text;

namespace Csrun.Integration.Tests.Harness;

/// <summary>A command in a terminal of its own that is answered while it runs.</summary>
public sealed class Dialogue : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private int _read;

    /// <summary>Starts a shell command in a terminal, with $CSRUN and csrun's environment set.</summary>
    public Dialogue(Sandbox sandbox, Identity identity, string command) =>
        _process = sandbox.Start(identity, ["/usr/bin/script", "-qec", command, "/dev/null"]);

    /// <summary>Everything that the terminal has shown.</summary>
    public string Shown => _shown.ToString();

    /// <summary>Waits until the terminal shows a text, and returns what it showed since the last wait.</summary>
    public string Until(string text)
    {
        Task<string> reading = Task.Run(() =>
        {
            while (_shown.ToString(_read, _shown.Length - _read).IndexOf(text, StringComparison.Ordinal) < 0)
            {
                int c = _process.StandardOutput.Read();
                if (c < 0)
                {
                    throw new InvalidOperationException($"it ended before it showed \"{text}\":\n{Shown}");
                }

                _ = c == '\r' ? _shown : _shown.Append((char)c);
            }

            int end = _shown.ToString().IndexOf(text, _read, StringComparison.Ordinal) + text.Length;
            string part = _shown.ToString(_read, end - _read);
            _read = end;
            return part;
        });
        Assert.True(reading.Wait(Tool.Patience), $"it did not show \"{text}\":\n{Shown}");
        return reading.Result;
    }

    /// <summary>Types.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the end; the command's exit code.</summary>
    public int End()
    {
        Task<string> rest = _process.StandardOutput.ReadToEndAsync();
        Assert.True(_process.WaitForExit(Tool.Patience), Shown);
        _shown.Append(rest.Result.Replace("\r", "", StringComparison.Ordinal));
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
