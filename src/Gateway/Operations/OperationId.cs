using System.Security.Cryptography;

namespace RealtimeOps.Operations;

/// <summary>Makes ids: 48 bits of time, then 80 random bits, in Crockford's base 32. They sort by time of creation and cannot be guessed.</summary>
internal static class OperationId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New(DateTimeOffset now)
    {
        Span<byte> random = stackalloc byte[10];
        RandomNumberGenerator.Fill(random);
        UInt128 value = (UInt128)(ulong)now.ToUnixTimeMilliseconds() << 80;
        for (int i = 0; i < random.Length; i++)
        {
            value |= (UInt128)random[i] << (8 * i);
        }

        Span<char> text = stackalloc char[26];
        for (int i = text.Length - 1; i >= 0; i--, value >>= 5)
        {
            text[i] = Alphabet[(int)(value & 31)];
        }

        return new string(text);
    }
}
