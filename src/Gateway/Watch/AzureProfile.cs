using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Operations;
using OperationStatus = RealtimeOps.Operations.OperationStatus;

namespace RealtimeOps.Watch;

/// <summary>Speaks Azure's form of long-running operations, <c>?profile=azure</c>, so that its unmodified pollers understand failure too.</summary>
internal static class AzureProfile
{
    public const string Query = "?profile=azure";

    public static bool IsAsked(HttpRequest request) =>
        request.QueryString.HasValue && string.Equals(request.Query["profile"], "azure", StringComparison.OrdinalIgnoreCase);

    public static ReadOnlyMemory<byte> Render(OperationStatus status)
    {
        Operation operation = status.Operation;
        var buffer = new ArrayBufferWriter<byte>(384);
        using var json = new Utf8JsonWriter(buffer, StatusJson.WriterOptions);
        json.WriteStartObject();
        json.WriteString("id"u8, operation.Key.Id);
        json.WriteString("kind"u8, operation.Key.Type);
        json.WriteString("status"u8, Name(operation.State));
        json.WriteNumber("percentComplete"u8, operation.Progress);
        if (operation.Error is { } error)
        {
            WriteError(json, error);
        }

        if (operation.HasResult)
        {
            json.WriteString("resourceLocation"u8, operation.Uri + "/result");
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The error that Azure's pollers read, wherever they meet it.</summary>
    public static void WriteError(Utf8JsonWriter json, OperationError error)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code.ToString(CultureInfo.InvariantCulture));
        json.WriteString("message"u8, error.Detail);
        json.WriteEndObject();
    }

    /// <summary>Any other spelling makes one of the pollers wait for ever.</summary>
    private static string Name(OperationState state) => state switch
    {
        OperationState.Queued => "NotStarted",
        OperationState.Succeeded => "Succeeded",
        OperationState.Failed => "Failed",
        OperationState.Canceled => "Canceled",
        _ => "Running",
    };
}
