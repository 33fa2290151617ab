using System.Text.Json;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Watch;

/// <summary>Tells whether a repeated submission asks for the same: inputs are compared as JSON values, not as bytes, or else by their digest.</summary>
internal sealed class SubmissionComparer(IOperationStore store, IPayloadStore payloads)
{
    /// <summary>JSON Pointers to what differs; empty when it is the same submission.</summary>
    public async Task<IReadOnlyList<string>> CompareAsync(Operation known, Payload input, string? webhook, bool isJson, CancellationToken cancellationToken)
    {
        Payload knownInput = await store.FindInputAsync(known.Sequence, cancellationToken)
            ?? throw new ProblemException(Problems.Gone);
        string[] others = [.. known.Webhook == webhook ? [] : (string[])["/webhook"], .. Differences(knownInput.Head, input.Head)];
        if (knownInput.Sha256.AsSpan().SequenceEqual(input.Sha256))
        {
            return others;
        }

        if (!isJson)
        {
            return ["", .. others];
        }

        using JsonDocument left = await ParseAsync(knownInput, cancellationToken);
        using JsonDocument right = await ParseAsync(input, cancellationToken);
        // The webhook may have come in the body one time and in the query the other.
        return [.. JsonDifference.Compare(left.RootElement, right.RootElement).Where(pointer => pointer != "/webhook"), .. others];
    }

    /// <summary>Headers are not compared: many of them differ with each try.</summary>
    private static IEnumerable<string> Differences(RequestHead? known, RequestHead? other) =>
        known?.Method != other?.Method ? ["/method"] : known?.Path != other?.Path ? ["/path"] : known?.Query != other?.Query ? ["/query"] : [];

    private async Task<JsonDocument> ParseAsync(Payload payload, CancellationToken cancellationToken)
    {
        await using Stream content = payloads.Open(payload);
        return await JsonDocument.ParseAsync(content, cancellationToken: cancellationToken);
    }
}
