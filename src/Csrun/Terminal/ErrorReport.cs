using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Csrun.Commands;
using Csrun.Linux;

namespace Csrun.Terminal;

/// <summary>The one place where a failure becomes text: one fact a line, what, why, fix.</summary>
internal static class ErrorReport
{
    /// <summary>Writes the failure to stderr and, with <c>--log</c>, to the log file; in the form that <c>--log-format</c> asks for.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="options">Where the log is and in which form.</param>
    /// <param name="stderr">The standard error stream.</param>
    /// <returns>The exit code that csrun ends with.</returns>
    internal static int Write(CsrunException failure, GlobalOptions options, TextWriter stderr)
    {
        string text = Text(failure);
        if (options.LogFile is { } file)
        {
            // Engines read the file and show its last line; people read stderr.
            if (Log(file, options.JsonLog ? Json(failure) : text) is { } why)
            {
                stderr.Write($"csrun: --log \"{file}\": {why}\n");
            }
        }

        stderr.Write(options.JsonLog && options.LogFile is null ? Json(failure) : text);
        stderr.Flush();
        return failure.ExitCode;
    }

    /// <summary>Appends to the log.</summary>
    /// <returns>Why it cannot be written; null when it was.</returns>
    internal static string? Log(string file, string text)
    {
        try
        {
            File.AppendAllText(file, text);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    /// <summary>The failure as people read it.</summary>
    internal static string Text(CsrunException failure)
    {
        StringBuilder text = new();
        text.Append("csrun: ");
        Lines(text, failure.Message, "       ");
        foreach ((string label, string? fact) in (ReadOnlySpan<(string, string?)>)[("why", failure.Why), ("fix", failure.Fix)])
        {
            if (!string.IsNullOrEmpty(fact))
            {
                text.Append("  ").Append(label).Append(": ");
                Lines(text, fact, "       ");
            }
        }

        return text.ToString();
    }

    /// <summary>The failure as runc writes it with <c>--log-format json</c>: one object on one line.</summary>
    internal static string Json(CsrunException failure)
    {
        StringBuilder message = new(failure.Message);
        foreach ((string label, string? fact) in (ReadOnlySpan<(string, string?)>)[("why", failure.Why), ("fix", failure.Fix)])
        {
            if (!string.IsNullOrEmpty(fact))
            {
                message.Append("; ").Append(label).Append(": ").Append(fact);
            }
        }

        return JsonLine("error", message.ToString());
    }

    /// <summary>A message as runc writes it with <c>--log-format json</c>.</summary>
    internal static string JsonLine(string level, string message)
    {
        // Relaxed: nobody puts this into a web page, and \" reads better than \u0022.
        string time = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"{{\"level\":\"{level}\",\"msg\":\"{JsonEncodedText.Encode(message, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\",\"time\":\"{time}\"}}\n";
    }

    // Names from images and config files may hold anything: a control character must not reach the terminal.
    private static void Lines(StringBuilder text, string fact, string indent)
    {
        foreach (char c in fact)
        {
            if (c == '\n')
            {
                text.Append('\n').Append(indent);
            }
            else if (char.IsControl(c))
            {
                text.Append($"\\x{(int)c:x2}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('\n');
    }
}
