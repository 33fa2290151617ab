using System.Buffers;
using System.Globalization;

namespace RealtimeOps.Api.CsvProfile;

internal enum NumberKind
{
    None,
    Integer,
    Number,
}

/// <summary>
/// Reads numbers as the invariant culture writes them: sign, digits, point, exponent. No thousands separators, and no words
/// such as NaN or Infinity; a number too great for a <see cref="double"/> is none.
/// </summary>
internal static class NumberParser
{
    /// <summary>As many digits as always fit 64 bits.</summary>
    private const int SafeDigits = 18;

    private const ulong LargestExactDouble = 1UL << 53;

    private static readonly double[] PowersOfTen =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("0123456789+-.eE"u8);

    public static NumberKind Parse(ReadOnlySpan<byte> text, out long integer, out double number)
    {
        integer = 0;
        number = 0;
        int start = text is [(byte)'-' or (byte)'+', ..] ? 1 : 0;
        int length = text.Length - start;
        if (length is 0 or > SafeDigits + 1)
        {
            return ParseSlowly(text, out integer, out number);
        }

        ulong digits = 0;
        int point = -1;
        for (int i = start; i < text.Length; i++)
        {
            uint digit = (uint)(text[i] - '0');
            if (digit <= 9)
            {
                digits = digits * 10 + digit;
            }
            else if (text[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                return ParseSlowly(text, out integer, out number);
            }
        }

        bool negative = text[0] == '-';
        if (point < 0 && length <= SafeDigits)
        {
            integer = negative ? -(long)digits : (long)digits;
            number = integer;
            return NumberKind.Integer;
        }

        // Both operands are exact, so the quotient is the nearest double, as the full algorithm would find.
        if (point >= 0 && length > 1 && digits <= LargestExactDouble)
        {
            double magnitude = digits / PowersOfTen[text.Length - 1 - point];
            number = negative ? -magnitude : magnitude;
            return NumberKind.Number;
        }

        return ParseSlowly(text, out integer, out number);
    }

    private static NumberKind ParseSlowly(ReadOnlySpan<byte> text, out long integer, out double number)
    {
        number = 0;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out integer))
        {
            number = integer;
            return NumberKind.Integer;
        }

        bool isNumber = !text.ContainsAnyExcept(Alphabet)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
        return isNumber ? NumberKind.Number : NumberKind.None;
    }
}
