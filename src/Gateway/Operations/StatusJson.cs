using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace RealtimeOps.Operations;

/// <summary>How a Status looks on the wire. A member without a value is absent, never null.</summary>
internal static class StatusJson
{
    /// <summary>RFC 3339, UTC, milliseconds.</summary>
    public const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The answer is never put into an HTML page unescaped by the gateway, so text stays readable. Validation is the tests' work.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Write(Utf8JsonWriter json, Operation operation, DateTimeOffset? estimatedEndAt, Action<Utf8JsonWriter>? extra)
    {
        json.WriteStartObject();
        json.WriteString("uri"u8, operation.Uri);
        json.WriteNumber("progress"u8, operation.Progress);
        if (operation.Status is { } status)
        {
            json.WriteNumber("status"u8, status);
        }

        WriteText(json, "message"u8, operation.Message);
        json.WriteString("state"u8, operation.State.Name());
        json.WriteString("type"u8, operation.Key.Type);
        json.WriteString("id"u8, operation.Key.Id);
        json.WriteNumber("version"u8, operation.Version);
        WriteText(json, "activity"u8, operation.Activity);
        json.WriteNumber("attempt"u8, operation.Attempt);
        WriteInstant(json, "createdAt"u8, operation.CreatedAt);
        WriteInstant(json, "startedAt"u8, operation.StartedAt);
        WriteInstant(json, "updatedAt"u8, operation.UpdatedAt);
        WriteInstant(json, "endedAt"u8, operation.EndedAt);
        WriteInstant(json, "expiresAt"u8, operation.ExpiresAt);
        WriteInstant(json, "estimatedEndAt"u8, estimatedEndAt);
        if (operation.HasResult)
        {
            json.WriteString("result"u8, operation.Uri + "/result");
        }

        if (operation.Error is { } error)
        {
            WriteError(json, operation, error);
        }

        WriteLink(json, "resubmissionOf"u8, operation, operation.ResubmissionOf);
        WriteLink(json, "resubmittedAs"u8, operation, operation.ResubmittedAs);
        WriteTags(json, operation.Tags);
        extra?.Invoke(json);
        json.WriteEndObject();
    }

    public static void WriteInstant(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset? instant)
    {
        if (instant is { } value)
        {
            Span<char> text = stackalloc char[24];
            value.UtcDateTime.TryFormat(text, out int length, InstantFormat, CultureInfo.InvariantCulture);
            json.WriteString(name, text[..length]);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static void WriteError(Utf8JsonWriter json, Operation operation, OperationError error)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, operation.State is OperationState.Canceled ? "urn:realtimeops:canceled" : "urn:realtimeops:operation-failed");
        json.WriteString("title"u8, error.Title);
        json.WriteNumber("status"u8, operation.State is OperationState.Canceled ? 409 : error.HttpStatus ?? 422);
        json.WriteString("detail"u8, error.Detail);
        json.WriteString("instance"u8, operation.Uri);
        json.WriteNumber("code"u8, error.Code);
        json.WriteEndObject();
    }

    private static void WriteLink(Utf8JsonWriter json, ReadOnlySpan<byte> name, Operation operation, OperationKey? target)
    {
        if (target is { } key)
        {
            json.WriteString(name, operation.BaseUri + key.Path);
        }
    }

    private static void WriteTags(Utf8JsonWriter json, IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count == 0)
        {
            return;
        }

        json.WriteStartObject("tags"u8);
        foreach ((string name, string value) in tags)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
