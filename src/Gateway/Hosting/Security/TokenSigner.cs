using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting.Security;

/// <summary>Makes texts that only this gateway can have made, and reads them again: HMAC-SHA256 with a key of its own for each purpose.</summary>
internal sealed class TokenSigner(IOptions<RealtimeOpsOptions> options, ISecretFiles files)
{
    /// <summary>Bytes, at least.</summary>
    public const int KeyLength = 32;

    private const string File = "link-key";

    private readonly Lazy<byte[]> _key = new(() =>
        ParseKey(options.Value.Security.LinkKey ?? files.ReadOrCreate(File, "Security:LinkKey", NewKey))
        ?? throw new StartupException($"The file '{File}' in the data folder holds no key: {KeyLength} bytes or more in base64. Restore it, or remove it to have a new one made; links and sessions then end."));

    /// <summary>Null when it is none.</summary>
    public static byte[]? ParseKey(string text)
    {
        byte[] key = new byte[text.Length];
        return Convert.TryFromBase64String(text, key, out int length) && length >= KeyLength ? key[..length] : null;
    }

    public string Sign(string purpose, ReadOnlySpan<byte> content)
    {
        Span<byte> token = stackalloc byte[content.Length + HMACSHA256.HashSizeInBytes];
        content.CopyTo(token);
        Hash(purpose, content, token[content.Length..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>False when it was not made here, or for another purpose.</summary>
    public bool TryRead(string purpose, string token, Span<byte> content)
    {
        Span<byte> bytes = stackalloc byte[content.Length + HMACSHA256.HashSizeInBytes];
        if (token.Length != Base64Url.GetEncodedLength(bytes.Length) || !Base64Url.IsValid(token) || !Base64Url.TryDecodeFromChars(token, bytes, out int length) || length != bytes.Length)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Hash(purpose, bytes[..content.Length], hash);
        bytes[..content.Length].CopyTo(content);
        return CryptographicOperations.FixedTimeEquals(hash, bytes[content.Length..]);
    }

    private void Hash(string purpose, ReadOnlySpan<byte> content, Span<byte> hash)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key.Value);
        hmac.AppendData(Encoding.UTF8.GetBytes(purpose + "\n"));
        hmac.AppendData(content);
        hmac.GetHashAndReset(hash);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyLength));
}
