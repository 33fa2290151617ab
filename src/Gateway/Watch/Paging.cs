using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>The pages of lists, newest first: <c>pageSize</c>, and <c>pageToken</c> that says behind what the next one begins.</summary>
internal static class Paging
{
    private const int Default = 50;
    private const int Largest = 200;

    public static int Size(IQueryCollection query)
    {
        if (SubmissionOptions.Single(query, "pageSize") is not { } text)
        {
            return Default;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 1 and <= Largest
            ? size
            : throw Bad($"'pageSize' must be 1 to {Largest}.");
    }

    public static long Before(IQueryCollection query)
    {
        if (BeforeText(query) is not { } text)
        {
            return long.MaxValue;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw BadToken;
    }

    public static string? BeforeText(IQueryCollection query)
    {
        if (SubmissionOptions.Single(query, "pageToken") is not { } token)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[32];
        return token.Length <= 40 && Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out int length)
            ? Encoding.ASCII.GetString(bytes[..length])
            : throw BadToken;
    }

    public static string Token(long number) => Token(number.ToString(CultureInfo.InvariantCulture));

    public static string Token(string text) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(text));

    private static ProblemException BadToken => Bad("'pageToken' is not one that this server gave out; begin again without it.");

    private static ProblemException Bad(string detail) => new(Problems.BadRequest(detail));
}
