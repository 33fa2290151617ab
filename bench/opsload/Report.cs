using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bench.OpsLoad;

/// <summary>One result: a JSON object on one line.</summary>
internal sealed class Report
{
    private static readonly JsonSerializerOptions Json = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Dictionary<string, object?> _values = [];

    public Report(Options options) { if (options.Get("label") is { } label) _values["label"] = label; }

    public object? this[string key] { set => _values[key] = value is double d ? (double.IsFinite(d) ? Math.Round(d, 3) : null) : value; }

    public void Latency(string prefix, Histogram h)
    {
        this[prefix + "p50_ms"] = h.Ms(.5);
        this[prefix + "p99_ms"] = h.Ms(.99);
        this[prefix + "max_ms"] = h.Max / 1e6;
    }

    /// <summary>Who used the processors between two readings: the server, this client, anyone else.</summary>
    public void Cpu(Usage from, Usage to, long requests)
    {
        double server = to.Server - from.Server, client = to.Self - from.Self;
        this["seconds"] = (to.At - from.At) / 1e9;
        this["server_cpu_s"] = server;
        this["server_cpu_us_per_unit"] = server * 1e6 / requests;
        this["client_cpu_us_per_unit"] = client * 1e6 / requests;
        this["other_cpu_s"] = to.Busy - from.Busy - server - client;
    }

    public void Print() => Console.WriteLine(JsonSerializer.Serialize(_values, Json));
}
