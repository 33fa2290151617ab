namespace RealtimeOps.Api.CsvProfile;

/// <summary>Reads ISO 8601 dates (yyyy-MM-dd) and date-times, and nothing looser.</summary>
internal static class TemporalParser
{
    private const int DateLength = 10;

    /// <param name="text">The value.</param>
    /// <param name="ticks">Where it stands in time, UTC; a fraction counts to seven digits.</param>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        return text.Length == DateLength && TryReadDate(text, out ticks);
    }

    /// <inheritdoc cref="TryParseDate"/>
    public static bool TryParseDateTime(ReadOnlySpan<byte> text, out long ticks)
    {
        if (!TryReadDate(text, out ticks) || text.Length < DateLength + 6 || text[DateLength] is not ((byte)'T' or (byte)' '))
        {
            return false;
        }

        text = text[(DateLength + 1)..];
        if (!TryReadTwoDigits(text, 0, 23, out int hour) || text[2] != ':' || !TryReadTwoDigits(text, 3, 59, out int minute))
        {
            return false;
        }

        ticks += hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute;
        text = text[5..];
        if (text is [(byte)':', ..])
        {
            if (!TryReadTwoDigits(text, 1, 59, out int second))
            {
                return false;
            }

            ticks += second * TimeSpan.TicksPerSecond;
            text = text[3..];
            if (text is [(byte)'.' or (byte)',', ..])
            {
                int digits = ReadFraction(text[1..], out long fraction);
                if (digits == 0)
                {
                    return false;
                }

                ticks += fraction;
                text = text[(1 + digits)..];
            }
        }

        if (!TryReadOffset(text, out long offset))
        {
            return false;
        }

        ticks -= offset;
        return true;
    }

    private static bool TryReadDate(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < DateLength || text[4] != '-' || text[7] != '-'
            || !TryReadTwoDigits(text, 0, 99, out int century) || !TryReadTwoDigits(text, 2, 99, out int year)
            || !TryReadTwoDigits(text, 5, 12, out int month) || !TryReadTwoDigits(text, 8, 31, out int day))
        {
            return false;
        }

        year += century * 100;
        if (year == 0 || month == 0 || day == 0 || (day > 28 && day > DateTime.DaysInMonth(year, month)))
        {
            return false;
        }

        ticks = new DateOnly(year, month, day).DayNumber * TimeSpan.TicksPerDay;
        return true;
    }

    /// <summary>Nothing, Z, or ±hh, ±hhmm, ±hh:mm.</summary>
    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long offset)
    {
        offset = 0;
        if (text is [] or [(byte)'Z'])
        {
            return true;
        }

        int minuteAt = text.Length == 6 && text[3] == ':' ? 4 : 3;
        int minute = 0;
        if (text[0] is not ((byte)'+' or (byte)'-')
            || text.Length is not (3 or 5 or 6) || (text.Length == 6 && minuteAt == 3)
            || !TryReadTwoDigits(text, 1, 23, out int hour)
            || (text.Length > 3 && !TryReadTwoDigits(text, minuteAt, 59, out minute)))
        {
            return false;
        }

        offset = (text[0] == '-' ? -1 : 1) * (hour * TimeSpan.TicksPerHour + minute * TimeSpan.TicksPerMinute);
        return true;
    }

    /// <summary>Returns how many digits there are.</summary>
    private static int ReadFraction(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        long unit = TimeSpan.TicksPerSecond;
        int digits = 0;
        while (digits < text.Length && char.IsAsciiDigit((char)text[digits]))
        {
            unit /= 10;
            ticks += (text[digits] - '0') * unit;
            digits++;
        }

        return digits;
    }

    private static bool TryReadTwoDigits(ReadOnlySpan<byte> text, int at, int max, out int value)
    {
        value = 0;
        if (text.Length < at + 2)
        {
            return false;
        }

        uint tens = (uint)(text[at] - '0');
        uint ones = (uint)(text[at + 1] - '0');
        value = (int)(tens * 10 + ones);
        return tens <= 9 && ones <= 9 && value <= max;
    }
}
