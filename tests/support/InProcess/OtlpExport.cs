using System.Text;

namespace RealtimeOps.TestSupport.InProcess;

/// <summary>A span as it was exported.</summary>
public sealed record OtlpSpan(string Scope, string Name, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes);

/// <summary>Reads of OTLP's protobuf messages as much as the tests look at.</summary>
internal static class OtlpExport
{
    public static IEnumerable<OtlpSpan> Spans(ReadOnlyMemory<byte> export) =>
        from scope in Scopes(export)
        from span in Parts(scope.Message, 2)
        select new OtlpSpan(
            scope.Name, Text(span, 5), Hex(span, 1), Hex(span, 2), Hex(span, 4), Parts(span, 9).ToDictionary(attribute => Text(attribute, 1), attribute => Text(Parts(attribute, 2).Single(), 1)));

    public static IEnumerable<(string Name, string Unit)> Metrics(ReadOnlyMemory<byte> export) =>
        from scope in Scopes(export)
        from metric in Parts(scope.Message, 2)
        select (Text(metric, 1), Text(metric, 3));

    /// <summary>What one library sent: a resource holds scopes, for spans and metrics alike.</summary>
    private static IEnumerable<(string Name, ReadOnlyMemory<byte> Message)> Scopes(ReadOnlyMemory<byte> export) =>
        from resource in Parts(export, 1)
        from scope in Parts(resource, 2)
        select (Text(Parts(scope, 1).Single(), 1), scope);

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Parts(message, field).FirstOrDefault().Span);

    private static string Hex(ReadOnlyMemory<byte> message, int field) => Convert.ToHexStringLower(Parts(message, field).FirstOrDefault().Span);

    /// <summary>The fields of that number that hold bytes, text or messages.</summary>
    private static List<ReadOnlyMemory<byte>> Parts(ReadOnlyMemory<byte> message, int field)
    {
        var parts = new List<ReadOnlyMemory<byte>>();
        int at = 0;
        while (at < message.Length)
        {
            ulong key = Number(message.Span, ref at);
            int length = (key & 7) switch
            {
                0 => Skip(message.Span, at),
                1 => 8,
                2 => (int)Number(message.Span, ref at),
                5 => 4,
                var other => throw new FormatException($"Protobuf has no wire type {other}."),
            };
            if ((key & 7) == 2 && key >> 3 == (ulong)field)
            {
                parts.Add(message.Slice(at, length));
            }

            at += length;
        }

        return parts;
    }

    private static int Skip(ReadOnlySpan<byte> message, int at)
    {
        int end = at;
        Number(message, ref end);
        return end - at;
    }

    private static ulong Number(ReadOnlySpan<byte> message, ref int at)
    {
        ulong number = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            number |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}
