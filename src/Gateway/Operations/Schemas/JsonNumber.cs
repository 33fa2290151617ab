using System.Globalization;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// A JSON number by its exact value, however it is spelled: sign × 0.digits × 10^exponent, digits without zeros at
/// either end. Neither double nor decimal holds every number that JSON can write.
/// </summary>
internal readonly record struct JsonNumber(int Sign, string Digits, long Exponent)
{
    private static readonly JsonNumber Zero = new(0, "", 0);

    // Half of the range, so that adding the length of a mantissa cannot overflow.
    private const long MaxExponent = long.MaxValue / 2;

    public static JsonNumber Of(JsonElement number) => Parse(number.GetRawText());

    /// <param name="text">A number in the grammar of RFC 8259.</param>
    public static JsonNumber Parse(string text)
    {
        int sign = text[0] == '-' ? -1 : 1;
        int e = text.AsSpan().IndexOfAny('e', 'E');
        ReadOnlySpan<char> exponent = e < 0 ? "0" : text.AsSpan(e + 1);
        ReadOnlySpan<char> mantissa = text.AsSpan(0, e < 0 ? text.Length : e).TrimStart('-');

        int point = mantissa.IndexOf('.') is >= 0 and int found ? found : mantissa.Length;
        string digits = string.Concat(mantissa[..point], mantissa[Math.Min(point + 1, mantissa.Length)..]);
        int leadingZeros = digits.AsSpan().IndexOfAnyExcept('0');
        if (leadingZeros < 0)
            return Zero;

        // Past any number type that exists: kept as spelled, so that only the same text is equal.
        if (!long.TryParse(exponent, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long power)
            || power is < -MaxExponent or > MaxExponent)
            return new JsonNumber(sign, text, exponent[0] == '-' ? long.MinValue : long.MaxValue);

        return new JsonNumber(sign, digits.Trim('0'), power + point - leadingZeros);
    }

    /// <summary>Negative, zero or positive as <paramref name="left"/> is less than, equal to or more than <paramref name="right"/>.</summary>
    public static int Compare(JsonNumber left, JsonNumber right)
    {
        if (left.Sign != right.Sign)
            return left.Sign.CompareTo(right.Sign);
        int magnitude = left.Exponent.CompareTo(right.Exponent) is not 0 and int order
            ? order
            : string.CompareOrdinal(left.Digits, right.Digits);
        return left.Sign * Math.Sign(magnitude);
    }
}
