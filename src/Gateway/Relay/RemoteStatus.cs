using System.Text.Json;

namespace RealtimeOps.Relay;

/// <summary>How a service speaks of its own long-running work.</summary>
internal enum RemoteForm
{
    /// <summary>Only by codes: 202, then something else.</summary>
    Plain,
    Azure,
    Google,
    Ogc,
    SlowRest,
}

internal enum RemoteState
{
    Unfinished,
    Succeeded,
    Failed,
    Canceled,
}

/// <summary>What a service said of its work, in whichever form.</summary>
internal sealed record RemoteStatus(RemoteForm Form, RemoteState State)
{
    /// <summary>It has what only a status has, not just a member that other things have too.</summary>
    public bool IsCertain { get; init; }

    public double? Progress { get; init; }

    /// <summary>What it is doing, or how it ended.</summary>
    public string? Text { get; init; }

    /// <summary>The service's own error code.</summary>
    public int? Code { get; init; }

    /// <summary>Where the status itself is.</summary>
    public string? Monitor { get; init; }

    /// <summary>Where the result is.</summary>
    public string? ResultUri { get; init; }

    /// <summary>The result itself.</summary>
    public JsonElement? Result { get; init; }
}
