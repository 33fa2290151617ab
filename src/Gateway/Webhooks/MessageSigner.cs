namespace RealtimeOps.Webhooks;

/// <summary>Writes the headers of Standard Webhooks: the id, the time of this try, and a signature by every secret that counts at present.</summary>
internal sealed class MessageSigner(GatewaySecret gateway)
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    public IEnumerable<KeyValuePair<string, string>> Headers(ClaimedDelivery message, DateTimeOffset now)
    {
        long timestamp = now.ToUnixTimeSeconds();
        IEnumerable<string> signatures = message.Secrets.Select(secret => SecretOf(secret).Sign(message.Id, timestamp, message.Body));
        return
        [
            new(Id, message.Id),
            new(Timestamp, timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            new(Signature, string.Join(' ', signatures)),
        ];
    }

    private SigningSecret SecretOf(string? text) =>
        text is null ? gateway.Value : SigningSecret.Parse(text) ?? throw new InvalidOperationException("A subscription's secret cannot be read.");
}
