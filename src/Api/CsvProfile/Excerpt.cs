namespace RealtimeOps.Api.CsvProfile;

/// <summary>The start of a value, kept in memory that is used again for the next one.</summary>
internal sealed class Excerpt
{
    private const int MaxChars = 200;
    private const int MaxBytes = 4 * MaxChars;

    private byte[] bytes = [];
    private int length;

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    /// <summary>As much of the value as an excerpt holds. Cutting keeps the order of values, but for equal starts.</summary>
    public static ReadOnlySpan<byte> Clip(ReadOnlySpan<byte> value)
    {
        if (value.Length <= MaxBytes)
        {
            return value;
        }

        int end = MaxBytes;
        while (end > MaxBytes - 4 && (value[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return value[..end];
    }

    public void Set(ReadOnlySpan<byte> value)
    {
        value = Clip(value);
        if (bytes.Length < value.Length)
        {
            bytes = new byte[Math.Max(16, value.Length)];
        }

        value.CopyTo(bytes);
        length = value.Length;
    }

    public override string ToString()
    {
        string text = FieldText.Decode(Bytes);
        if (text.Length <= MaxChars)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
