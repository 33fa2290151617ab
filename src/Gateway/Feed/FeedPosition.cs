using System.Globalization;

namespace RealtimeOps.Feed;

/// <summary>
/// A place in the order of changes, as a feed's event id. The epoch tells one run of the server from another. While a reader is being
/// brought up to date the id also says how far that has gone, so that a reader cut in the middle goes on there.
/// </summary>
/// <param name="Epoch">The run of the server that counted.</param>
/// <param name="Number">All changes up to this one are known.</param>
/// <param name="CatchUp">Where the catch-up stands; null once it is over.</param>
internal readonly record struct FeedPosition(string Epoch, long Number, CatchUpPosition? CatchUp = null)
{
    public static FeedPosition? Parse(string? text)
    {
        string[] parts = text?.Split(':') ?? [];
        return parts.Length is 2 or 5
            && parts[0].Length is > 0 and <= 32
            && TryNumber(parts[1], out long number)
            ? parts.Length == 2 ? new FeedPosition(parts[0], number) : CatchUpPosition.Parse(parts.AsSpan(2)) is { } catchUp ? new FeedPosition(parts[0], number, catchUp) : null
            : null;
    }

    public override string ToString() => CatchUp is { } catchUp
        ? string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Number}:{(catchUp.WithEnded ? "r" : "u")}:{catchUp.UpdatedAt.ToUnixTimeMilliseconds()}:{catchUp.Sequence}")
        : string.Create(CultureInfo.InvariantCulture, $"{Epoch}:{Number}");

    internal static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>How far a catch-up has gone.</summary>
/// <param name="WithEnded">It follows a reset, so it also shows what ended lately.</param>
/// <param name="UpdatedAt">When the last operation sent had changed.</param>
/// <param name="Sequence">The last operation sent, among those that changed at the same time.</param>
internal readonly record struct CatchUpPosition(bool WithEnded, DateTimeOffset UpdatedAt, long Sequence)
{
    private static readonly long LastMillisecond = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static CatchUpPosition? Parse(ReadOnlySpan<string> parts) =>
        parts[0] is "r" or "u"
        && FeedPosition.TryNumber(parts[1], out long updatedAt) && updatedAt <= LastMillisecond
        && FeedPosition.TryNumber(parts[2], out long sequence)
            ? new CatchUpPosition(parts[0] == "r", DateTimeOffset.FromUnixTimeMilliseconds(updatedAt), sequence)
            : null;
}
