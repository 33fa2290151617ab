namespace RealtimeOps.Api.CsvProfile;

/// <summary>
/// Finds the delimiter: the one with which most of the first rows have as many fields as the header has. Rows are split
/// with the same rules as later, so delimiters inside quotes do not count.
/// </summary>
internal static class DelimiterSniffer
{
    private const int MaxRecords = 100;

    /// <summary>In order of preference where all else is equal.</summary>
    private static ReadOnlySpan<byte> Candidates => ",;\t|:"u8;

    /// <param name="sample">The start of the file.</param>
    /// <param name="isWhole">Whether the sample is the whole file, so that its last record is complete.</param>
    public static byte Sniff(ReadOnlySpan<byte> sample, bool isWhole)
    {
        byte best = Candidates[0];
        (double Agreement, int Fields) bestRating = default;
        foreach (byte candidate in Candidates)
        {
            var rating = Rate(sample, isWhole, candidate);
            if (rating.CompareTo(bestRating) > 0)
            {
                best = candidate;
                bestRating = rating;
            }
        }

        return best;
    }

    private static (double Agreement, int Fields) Rate(ReadOnlySpan<byte> sample, bool isWhole, byte delimiter)
    {
        var tokenizer = new RecordTokenizer(delimiter);
        int fields = 0;
        int records = 0;
        int agreeing = 0;

        while (sample.Length > 0 && records < MaxRecords)
        {
            var outcome = tokenizer.Read(sample, isWhole);
            if (outcome == RecordOutcome.Incomplete)
            {
                break;
            }

            if (outcome == RecordOutcome.Broken)
            {
                records++;
                sample = sample[tokenizer.FaultAt..];
                int lineEnd = LineEnd.IndexIn(sample);
                sample = lineEnd < 0 ? [] : sample[(lineEnd + LineEnd.LengthAt(sample[lineEnd..], isFinal: true))..];
                continue;
            }

            sample = sample[tokenizer.Length..];
            if (!tokenizer.IsBlank)
            {
                records++;
                fields = fields == 0 ? tokenizer.FieldCount : fields;
                agreeing += tokenizer.FieldCount == fields ? 1 : 0;
            }
        }

        // A delimiter that never occurs has every row agree on one field: it must not beat one that occurs in a file
        // with some bad rows. Rounding lets a few bad rows not outweigh more fields.
        double agreement = records == 0 ? 0 : (double)agreeing / records;
        return (Math.Round(fields > 1 ? agreement : agreement / 2, 1), fields);
    }
}
