using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace RealtimeOps.Hosting.Security;

/// <summary>Reads the keys that sign tokens.</summary>
internal static class TokenKeys
{
    private const int ShortestSecret = 32;

    /// <summary>Null when it can be used. The text itself is never repeated: it may be a secret.</summary>
    public static string? FaultOf(string text)
    {
        try
        {
            return Parse(text).Count > 0 ? null : $"is too short: a shared secret has {ShortestSecret} bytes or more.";
        }
        catch (Exception malformed) when (malformed is CryptographicException or ArgumentException)
        {
            return "is no public key in PEM form.";
        }
    }

    /// <summary>A secret that is spelt like base64 may as well be meant as text; issuers do both, so both count.</summary>
    public static IReadOnlyList<SecurityKey> Parse(string text)
    {
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return [ParsePem(text)];
        }

        var secrets = new List<byte[]> { Encoding.UTF8.GetBytes(text) };
        byte[] decoded = new byte[text.Length];
        if (Convert.TryFromBase64String(text, decoded, out int length))
        {
            secrets.Add(decoded[..length]);
        }

        return secrets.Where(secret => secret.Length >= ShortestSecret).Select(secret => new SymmetricSecurityKey(secret)).ToArray();
    }

    private static SecurityKey ParsePem(string pem)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return new RsaSecurityKey(rsa);
        }
        catch (Exception other) when (other is CryptographicException or ArgumentException)
        {
            var curve = ECDsa.Create();
            curve.ImportFromPem(pem);
            return new ECDsaSecurityKey(curve);
        }
    }
}
