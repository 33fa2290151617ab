namespace RealtimeOps.Api.CsvProfile;

/// <summary>Least and greatest value in the order of their bytes, which in UTF-8 is that of the code points.</summary>
internal sealed class TextRange
{
    private readonly Excerpt min = new();
    private readonly Excerpt max = new();
    private ulong minPrefix;
    private ulong maxPrefix;
    private bool any;

    public string Min => min.ToString();

    public string Max => max.ToString();

    /// <param name="value">The value.</param>
    /// <param name="prefix">Its <see cref="FieldText.Prefix"/>: most values need no other comparison.</param>
    public void Add(ReadOnlySpan<byte> value, ulong prefix)
    {
        if (!any || prefix < minPrefix || (prefix == minPrefix && Compare(value, min) < 0))
        {
            min.Set(value);
            minPrefix = prefix;
        }

        if (!any || prefix > maxPrefix || (prefix == maxPrefix && Compare(value, max) > 0))
        {
            max.Set(value);
            maxPrefix = prefix;
        }

        any = true;
    }

    private static int Compare(ReadOnlySpan<byte> value, Excerpt excerpt) => Excerpt.Clip(value).SequenceCompareTo(excerpt.Bytes);
}
