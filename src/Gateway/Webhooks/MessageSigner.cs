namespace RealtimeOps.Webhooks;

/// <summary>Writes the headers of Standard Webhooks: the id, the time of this try, and a signature by every secret that counts at present.</summary>
internal sealed class MessageSigner(GatewaySecret gateway)
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    /// <param name="id">The message's id.</param>
    /// <param name="body">What is signed.</param>
    /// <param name="secrets">The newest first; null stands for the gateway's own.</param>
    /// <param name="now">The time of this try.</param>
    public IEnumerable<KeyValuePair<string, string>> Headers(string id, byte[] body, IReadOnlyList<string?> secrets, DateTimeOffset now)
    {
        long timestamp = now.ToUnixTimeSeconds();
        IEnumerable<string> signatures = secrets.Select(secret => SecretOf(secret).Sign(id, timestamp, body));
        return
        [
            new(Id, id),
            new(Timestamp, timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new(Signature, string.Join(' ', signatures)),
        ];
    }

    private SigningSecret SecretOf(string? text) =>
        text is null ? gateway.Value : SigningSecret.Parse(text) ?? throw new InvalidOperationException("A subscription's secret cannot be read.");
}
