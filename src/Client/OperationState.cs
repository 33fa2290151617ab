using System.Text.Json.Serialization;

namespace RealtimeOps.Client;

/// <summary>Where an operation stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperationState>))]
public enum OperationState
{
    /// <summary>It waits for its turn, or for the time before which it must not start.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    /// <summary>Its handler works on it.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>An attempt has failed; the next one follows.</summary>
    [JsonStringEnumMemberName("retrying")]
    Retrying,

    /// <summary>Somebody wants it canceled; its handler has not stopped yet.</summary>
    [JsonStringEnumMemberName("canceling")]
    Canceling,

    /// <summary>It has ended well.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>It has ended with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was canceled, and has stopped.</summary>
    [JsonStringEnumMemberName("canceled")]
    Canceled,
}
