namespace RealtimeOps.Client;

/// <summary>What to think of a message that came in.</summary>
public enum WebhookVerdict
{
    /// <summary>Its sender has the secret, and it was sent lately. It may have come before: <c>webhook-id</c> tells.</summary>
    Genuine,

    /// <summary>A header is missing or malformed.</summary>
    Malformed,

    /// <summary>It was sent too long ago: a recording, or a clock is wrong.</summary>
    TooOld,

    /// <summary>It was sent in the future: a clock is wrong.</summary>
    TooNew,

    /// <summary>No signature is by one of the secrets: it comes from somebody else, or was changed on its way.</summary>
    WrongSignature,
}
