using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeOps.Client;

/// <summary>Tells whether a webhook message is genuine, as <see href="https://www.standardwebhooks.com">Standard Webhooks</see> v1 (HMAC-SHA256) defines it. Safe to be used by many threads at once.</summary>
/// <remarks>Check the body exactly as it came, byte by byte, before it is parsed. A genuine message may come more than once: answer 2xx to one whose <c>webhook-id</c> is known.</remarks>
public sealed class WebhookVerifier
{
    /// <summary>The name of the header with the message's id, the same in every try.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>The name of the header with the time of the try, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>The name of the header with the signatures, separated by spaces: several while a secret is being changed.</summary>
    public const string SignatureHeader = "webhook-signature";

    private const string Prefix = "whsec_";
    private const string Scheme = "v1,";
    private const int Shortest = 24;
    private const int Longest = 64;

    private readonly byte[][] _keys;

    /// <param name="secrets">One or, while a secret is being changed, several: <c>whsec_</c> and 24 to 64 bytes in base64; the prefix may be left out.</param>
    /// <exception cref="ArgumentException">There is none, or one is malformed.</exception>
    public WebhookVerifier(params IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _keys = [.. secrets.Select(Parse)];
        if (_keys.Length == 0)
        {
            throw new ArgumentException("Give at least one secret.", nameof(secrets));
        }
    }

    /// <summary>How far the time of a message may be from the present, in both directions. Default 5 minutes.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Judges a message.</summary>
    /// <param name="body">The body exactly as it came.</param>
    /// <param name="header">Gives the value of a header by its name, or null; with ASP.NET Core <c>name =&gt; request.Headers[name]</c>.</param>
    public WebhookVerdict Check(ReadOnlySpan<byte> body, Func<string, string?> header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return Check(body, header(IdHeader), header(TimestampHeader), header(SignatureHeader));
    }

    /// <summary>Judges a message.</summary>
    /// <param name="body">The body exactly as it came.</param>
    /// <param name="id">The value of <see cref="IdHeader"/>; null when it is missing.</param>
    /// <param name="timestamp">The value of <see cref="TimestampHeader"/>; null when it is missing.</param>
    /// <param name="signatures">The value of <see cref="SignatureHeader"/>; null when it is missing.</param>
    public WebhookVerdict Check(ReadOnlySpan<byte> body, string? id, string? timestamp, string? signatures)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures) || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long sentAt))
        {
            return WebhookVerdict.Malformed;
        }

        if (!IsSigned(body, $"{id}.{timestamp}.", signatures))
        {
            return WebhookVerdict.WrongSignature;
        }

        double age = TimeProvider.GetUtcNow().ToUnixTimeSeconds() - (double)sentAt;
        return age > Tolerance.TotalSeconds ? WebhookVerdict.TooOld : age < -Tolerance.TotalSeconds ? WebhookVerdict.TooNew : WebhookVerdict.Genuine;
    }

    private static byte[] Parse(string secret)
    {
        ReadOnlySpan<char> text = secret.AsSpan();
        byte[] key = new byte[Longest];
        return Convert.TryFromBase64Chars(text.StartsWith(Prefix) ? text[Prefix.Length..] : text, key, out int length) && length >= Shortest
            ? key[..length]
            : throw new ArgumentException($"A secret is '{Prefix}' and {Shortest} to {Longest} bytes in base64.", nameof(secret));
    }

    private bool IsSigned(ReadOnlySpan<byte> body, string head, string signatures)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> told = stackalloc byte[HMACSHA256.HashSizeInBytes];
        bool signed = false;
        foreach (byte[] key in _keys)
        {
            using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
            hmac.AppendData(Encoding.UTF8.GetBytes(head));
            hmac.AppendData(body);
            hmac.GetHashAndReset(expected);
            foreach (Range range in signatures.AsSpan().Split(' '))
            {
                ReadOnlySpan<char> signature = signatures.AsSpan(range);
                signed |= signature.StartsWith(Scheme)
                    && Convert.TryFromBase64Chars(signature[Scheme.Length..], told, out int length)
                    && CryptographicOperations.FixedTimeEquals(expected, told[..length]);
            }
        }

        return signed;
    }
}
