using System.Text.Json;

namespace RealtimeOps.Relay;

/// <summary>How far a relayed request has come; kept with the operation, so that a restart neither sends again what must not be sent twice, nor forgets where to ask.</summary>
/// <param name="Sending">The attempt that sent it; 0 when it may be sent (again). Reports are for this one.</param>
internal sealed record RelayCheckpoint(int Sending)
{
    /// <summary>To be sent anew.</summary>
    public static readonly RelayCheckpoint Unsent = new(0);

    /// <summary>The service has taken it and answered 202: its work goes on whatever becomes of this process.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>The service has reported by itself, so it has taken the request, even if its answer was lost.</summary>
    public bool HasReported { get; init; }

    /// <summary>Where the service tells of its work; null when it reports by itself.</summary>
    public Uri? Monitor { get; init; }

    /// <summary>How it speaks there, as far as its first answer showed.</summary>
    public RemoteForm Form { get; init; }

    /// <summary>That it speaks so is certain, not a guess from members that other things have too: only then is it told to stop, which may delete what is there.</summary>
    public bool IsCertain { get; init; }

    /// <summary>Where the result will be, if the service named that beside the monitor.</summary>
    public Uri? ResultUri { get; init; }

    public static RelayCheckpoint? Read(byte[]? json) => json is null ? null : JsonSerializer.Deserialize<RelayCheckpoint>(json, JsonSerializerOptions.Web);

    /// <summary>The same, with a report heard; null where that adds nothing.</summary>
    public byte[]? WithReport() => IsAccepted || HasReported ? null : JsonSerializer.SerializeToUtf8Bytes(this with { HasReported = true }, JsonSerializerOptions.Web);
}
