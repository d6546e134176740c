using System.Globalization;
using System.Text;
using System.Text.Json;
using Csrun.Linux.Abi;
using Csrun.Linux.IdMaps;
using Csrun.Plan.Broker;
using Csrun.Runtime.Broker;
using Csrun.Terminal;

namespace Csrun.Engine;

/// <summary><c>csrun broker status</c>.</summary>
internal static class BrokerState
{
    internal static int Print(string path, bool json)
    {
        Errno answer = BrokerClient.Probe(path);
        BrokerStatus? status = answer == Errno.None ? BrokerClient.Status(path) : null;
        FdWriter.Stdout.Write(json ? Json(path, answer, status) : Text(path, answer, status));
        return status is null ? 1 : 0;
    }

    private static string Text(string path, Errno answer, BrokerStatus? status)
    {
        if (status is null)
        {
            string why = answer switch
            {
                Errno.ENOENT => "there is no socket: none was ever started, or it is not installed",
                Errno.ECONNREFUSED => "the socket is there and nobody listens",
                _ => $"it cannot be reached: {answer} ({answer.Describe()})",
            };
            return $"broker: does not run at {path}\nwhy: {why}\nfix: sudo csrun broker install\n";
        }

        string since = DateTimeOffset.FromUnixTimeSeconds(status.StartedUnixSeconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"broker: runs at {path}\nversion: {status.Version}\npid: {status.Pid}\nsince: {since}\nmade: {status.Granted} mounts, refused: {status.Refused}\n");
        return status.Refusal is { } refusal
            ? text.Append(CultureInfo.InvariantCulture, $"grants you: nothing ({refusal})\n").ToString()
            : text.Append(CultureInfo.InvariantCulture, $"grants you: users {status.Uids.Describe()}; groups {status.Gids.Describe()}\n").ToString();
    }

    private static string Json(string path, Errno answer, BrokerStatus? status)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("socket", path);
            json.WriteBoolean("running", status is not null);
            if (status is null)
            {
                json.WriteString("error", answer.ToString());
            }
            else
            {
                json.WriteString("version", status.Version);
                json.WriteNumber("pid", status.Pid);
                json.WriteString("started", DateTimeOffset.FromUnixTimeSeconds(status.StartedUnixSeconds));
                json.WriteNumber("granted", status.Granted);
                json.WriteNumber("refused", status.Refused);
                json.WriteString("refusal", status.Refusal);
                Ranges(json, "uids", status.Refusal is null ? status.Uids : []);
                Ranges(json, "gids", status.Refusal is null ? status.Gids : []);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void Ranges(Utf8JsonWriter json, string name, IEnumerable<IdRange> ranges)
    {
        json.WriteStartArray(name);
        foreach (IdRange range in ranges)
        {
            json.WriteStartObject();
            json.WriteNumber("start", range.Start);
            json.WriteNumber("count", range.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
