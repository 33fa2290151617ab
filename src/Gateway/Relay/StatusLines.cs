using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;

namespace RealtimeOps.Relay;

/// <summary>The events or lines of an answer that a service writes while it works.</summary>
internal static class StatusLines
{
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="Execution.OperationFailedException">One is too long.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(ServiceAnswer answer, Action heard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stream body = answer.Read(heard, new LineLimit(answer.IsEventStream));
        if (answer.IsEventStream)
        {
            await foreach (SseItem<string> item in SseParser.Create(body).EnumerateAsync(cancellationToken))
            {
                yield return item.Data;
            }
        }
        else
        {
            using var reader = new StreamReader(body, Encoding.UTF8, leaveOpen: true);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                yield return line;
            }
        }
    }
}
