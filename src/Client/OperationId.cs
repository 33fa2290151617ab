using System.Buffers;
using System.Security.Cryptography;

namespace RealtimeOps.Client;

/// <summary>Ids as the server makes them: 48 bits of time, then 80 random bits, in Crockford's base 32. They sort by time of creation and cannot be guessed.</summary>
internal static class OperationId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Longest = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    public static string New(DateTimeOffset now)
    {
        Span<char> text = stackalloc char[26];
        long milliseconds = now.ToUnixTimeMilliseconds();
        for (int i = 9; i >= 0; i--, milliseconds >>= 5)
        {
            text[i] = Alphabet[(int)(milliseconds & 31)];
        }

        RandomNumberGenerator.GetItems(Alphabet.AsSpan(), text[10..]);
        return new string(text);
    }

    /// <summary>What is no id could change the path that it is put into.</summary>
    public static void Check(string id)
    {
        if (id.Length is 0 or > Longest || id[0] is '.' or '~' || id.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new ArgumentException($"'{id}' is no id: 1 to {Longest} letters, digits, '.', '_', '~' or '-', the first no '.' or '~'.", nameof(id));
        }
    }
}
