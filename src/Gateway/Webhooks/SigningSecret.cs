using System.Security.Cryptography;
using System.Text;

namespace RealtimeOps.Webhooks;

/// <summary>A key that signs, as Standard Webhooks writes it: <c>whsec_</c> and its bytes in base64. The bytes sign, not the text.</summary>
internal sealed class SigningSecret
{
    private const string Prefix = "whsec_";
    private const int Shortest = 24;
    private const int Longest = 64;
    private const int Made = 32;

    private readonly byte[] _key;

    private SigningSecret(byte[] key) => _key = key;

    public static string New() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Made));

    /// <summary>Null when the text is no secret.</summary>
    public static SigningSecret? Parse(string text)
    {
        byte[] key = new byte[Longest];
        return text.StartsWith(Prefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(text[Prefix.Length..], key, out int length)
            && length >= Shortest
                ? new SigningSecret(key[..length])
                : null;
    }

    /// <summary>Signs <c>id.timestamp.body</c>.</summary>
    /// <param name="id">The message's id.</param>
    /// <param name="timestamp">Seconds since 1970.</param>
    /// <param name="body">Exactly the bytes that are sent.</param>
    public string Sign(string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.ASCII.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
