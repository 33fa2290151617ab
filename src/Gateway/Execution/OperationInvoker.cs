using System.Text.Json;
using System.Text.Json.Nodes;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Execution;

/// <summary>Brings a stored input to a handler and its answer back.</summary>
internal abstract class OperationInvoker
{
    public abstract Task<OperationResult> InvokeAsync(IServiceProvider services, Payload input, bool hasWebhook, IPayloadStore payloads, OperationContext context, CancellationToken cancellationToken);
}

internal sealed class JsonInvoker<THandler, TInput, TResult> : OperationInvoker
    where THandler : class, IOperationHandler<TInput, TResult>
{
    public override async Task<OperationResult> InvokeAsync(
        IServiceProvider services, Payload input, bool hasWebhook, IPayloadStore payloads, OperationContext context, CancellationToken cancellationToken)
    {
        THandler handler = ActivatorUtilities.GetServiceOrCreateInstance<THandler>(services);
        TInput value = await ReadAsync(input, hasWebhook, payloads, cancellationToken);
        TResult result = await handler.HandleAsync(value, context, cancellationToken);
        return result as OperationResult ?? OperationResult.OfJson(result);
    }

    private static async Task<TInput> ReadAsync(Payload input, bool hasWebhook, IPayloadStore payloads, CancellationToken cancellationToken)
    {
        await using Stream content = payloads.Open(input);
        if (!hasWebhook)
        {
            return (await JsonSerializer.DeserializeAsync<TInput>(content, InputJson.Options, cancellationToken))!;
        }

        JsonNode? node = await JsonNode.ParseAsync(content, cancellationToken: cancellationToken);
        (node as JsonObject)?.Remove("webhook");
        return node.Deserialize<TInput>(InputJson.Options)!;
    }
}

internal sealed class StreamInvoker<THandler> : OperationInvoker
    where THandler : class, IStreamOperationHandler
{
    public override async Task<OperationResult> InvokeAsync(
        IServiceProvider services, Payload input, bool hasWebhook, IPayloadStore payloads, OperationContext context, CancellationToken cancellationToken)
    {
        THandler handler = ActivatorUtilities.GetServiceOrCreateInstance<THandler>(services);
        await using Stream content = payloads.Open(input);
        return await handler.HandleAsync(new OperationInput(content, input.MediaType, input.Length) { Head = input.Head }, context, cancellationToken);
    }
}
