using System.Globalization;
using System.Net;
using System.Text;

namespace Bench;

internal sealed class Options
{
    private readonly Dictionary<string, List<string>> _v = new(StringComparer.Ordinal);

    public Options(IEnumerable<string> args)
    {
        string? key = null;
        foreach (string a in args)
        {
            if (a.StartsWith("--", StringComparison.Ordinal)) { key = a[2..]; if (!_v.ContainsKey(key)) _v[key] = []; }
            else if (key is null) throw new ArgumentException("not an option: " + a);
            else _v[key].Add(a);
        }
    }

    public bool Has(string k) => _v.ContainsKey(k);
    public string? Get(string k) => _v.TryGetValue(k, out var l) && l.Count > 0 ? l[^1] : null;
    public string Need(string k) => Get(k) ?? throw new ArgumentException("missing --" + k);
    public string[] All(string k) => _v.TryGetValue(k, out var l) ? [.. l] : [];
    public int Int(string k, int d) => Get(k) is { } s ? int.Parse(s, CultureInfo.InvariantCulture) : d;
    public double Num(string k, double d) => Get(k) is { } s ? double.Parse(s, CultureInfo.InvariantCulture) : d;
}

/// <summary>An http://host:port/path template. Placeholders: {topic} {conn} in subscribe URLs, {topic} {seq} in publish URLs.</summary>
internal sealed class UrlTemplate
{
    public readonly IPAddress Ip; public readonly int Port; public readonly string HostHeader, Path;

    public UrlTemplate(string url)
    {
        if (!url.StartsWith("http://", StringComparison.Ordinal)) throw new ArgumentException("only http:// URLs: " + url);
        string rest = url[7..];
        int slash = rest.IndexOf('/');
        HostHeader = slash < 0 ? rest : rest[..slash];
        Path = slash < 0 ? "/" : rest[slash..];
        int colon = HostHeader.LastIndexOf(':');
        string host = colon < 0 ? HostHeader : HostHeader[..colon];
        Port = colon < 0 ? 80 : int.Parse(HostHeader[(colon + 1)..], CultureInfo.InvariantCulture);
        Ip = host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(host);
        if (!IPAddress.IsLoopback(Ip)) throw new ArgumentException("loopback only: " + url);
    }

    public byte[] Request(string method, string topic, int conn, long seq, IEnumerable<string> headers, byte[]? body)
    {
        var sb = new StringBuilder();
        string path = Path.Replace("{topic}", topic).Replace("{conn}", conn.ToString(CultureInfo.InvariantCulture))
            .Replace("{seq}", seq.ToString(CultureInfo.InvariantCulture));
        sb.Append(method).Append(' ').Append(path).Append(" HTTP/1.1\r\nHost: ").Append(HostHeader).Append("\r\n");
        foreach (string h in headers)
            sb.Append(h.Replace("{topic}", topic).Replace("{seq}", seq.ToString(CultureInfo.InvariantCulture))).Append("\r\n");
        if (body is not null) sb.Append("Content-Length: ").Append(body.Length).Append("\r\n");
        sb.Append("\r\n");
        byte[] head = Encoding.UTF8.GetBytes(sb.ToString());
        return body is null ? head : [.. head, .. body];
    }
}

/// <summary>The payload: a JSON object of exactly --payload-bytes bytes that carries "@T" + 10-digit sequence + "." + 19-digit
/// CLOCK_MONOTONIC nanoseconds. Any external publisher on this machine can write the same token
/// (Stopwatch.GetTimestamp() in .NET, process.hrtime.bigint() in Node, clock_gettime in C).</summary>
internal static class Token
{
    public const int Len = 2 + 10 + 1 + 19; // @Tssssssssss.nnnnnnnnnnnnnnnnnnn

    public static string Payload(long seq, long ns, int bytes, string topic)
    {
        string t = "@T" + seq.ToString("D10", CultureInfo.InvariantCulture) + "." + ns.ToString("D19", CultureInfo.InvariantCulture);
        string s = "{\"operationId\":\"" + topic + "\",\"status\":\"running\",\"percent\":" + (seq % 100) + ",\"t\":\"" + t + "\",\"message\":\"";
        int pad = Math.Max(0, bytes - s.Length - 2);
        return s + new string('x', pad) + "\"}";
    }
}
