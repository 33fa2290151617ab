using System.Text.Json;
using RealtimeOps.Operations;

namespace RealtimeOps.Execution;

/// <summary>What an operation leaves behind: nothing, JSON, or bytes of any media type and size.</summary>
public abstract class OperationResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private OperationResult()
    {
    }

    /// <summary>No result: <c>/result</c> answers 204.</summary>
    public static OperationResult None { get; } = new NoResult();

    /// <summary>A value, kept as JSON (camelCase, members without a value left out).</summary>
    /// <param name="value">The value; null is no result.</param>
    /// <typeparam name="T">Its type.</typeparam>
    public static OperationResult OfJson<T>(T value) =>
        value is null ? None : new BytesResult("application/json", JsonSerializer.SerializeToUtf8Bytes(value, Json));

    /// <summary>Bytes at hand.</summary>
    /// <param name="mediaType">Their media type.</param>
    /// <param name="content">The bytes.</param>
    public static OperationResult OfBytes(string mediaType, byte[] content) => new BytesResult(mediaType, content);

    /// <summary>Bytes of any size, written to the store as they are made.</summary>
    /// <param name="mediaType">Their media type.</param>
    /// <param name="write">Writes them; called once, after the handler has returned.</param>
    public static OperationResult OfStream(string mediaType, Func<Stream, CancellationToken, Task> write) => new StreamResult(mediaType, write);

    internal abstract ValueTask<Payload?> StageAsync(IPayloadStore payloads, CancellationToken cancellationToken);

    private sealed class NoResult : OperationResult
    {
        internal override ValueTask<Payload?> StageAsync(IPayloadStore payloads, CancellationToken cancellationToken) => ValueTask.FromResult<Payload?>(null);
    }

    private sealed class BytesResult(string mediaType, byte[] content) : OperationResult
    {
        internal override async ValueTask<Payload?> StageAsync(IPayloadStore payloads, CancellationToken cancellationToken) => await payloads.StageAsync(mediaType, content);
    }

    private sealed class StreamResult(string mediaType, Func<Stream, CancellationToken, Task> write) : OperationResult
    {
        internal override async ValueTask<Payload?> StageAsync(IPayloadStore payloads, CancellationToken cancellationToken) =>
            await payloads.StageAsync(mediaType, write, cancellationToken);
    }
}
