using System.Globalization;
using System.Text;

namespace Bench.OpsLoad;

/// <summary>One complete HTTP/1.1 answer in a buffer. Knows just what Kestrel sends.</summary>
internal readonly ref struct HttpAnswer
{
    public int Status { get; private init; }
    public ReadOnlySpan<byte> Head { get; private init; }
    public ReadOnlySpan<byte> Body { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> data, out HttpAnswer answer)
    {
        answer = default;
        int end = data.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        ReadOnlySpan<byte> head = data[..(end + 2)], body = data[(end + 4)..];
        int status = int.Parse(head.Slice(9, 3), CultureInfo.InvariantCulture);
        if (Header(head, "Content-Length"u8) is { Length: > 0 } length)
        {
            int bytes = int.Parse(length, CultureInfo.InvariantCulture);
            if (body.Length < bytes) return false;
            body = body[..bytes];
        }
        else if (Header(head, "Transfer-Encoding"u8).Length > 0 && !body.EndsWith("0\r\n\r\n"u8)) return false;
        answer = new HttpAnswer { Status = status, Head = head, Body = body };
        return true;
    }

    public string Location => Encoding.ASCII.GetString(Header(Head, "Location"u8));

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (int at = head.IndexOf("\r\n"u8); at >= 0 && at + 2 < head.Length;)
        {
            ReadOnlySpan<byte> line = head[(at + 2)..];
            int end = line.IndexOf("\r\n"u8);
            if (end > name.Length && line[name.Length] == (byte)':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return line[(name.Length + 1)..end].Trim((byte)' ');
            at += 2 + end;
        }
        return default;
    }
}
