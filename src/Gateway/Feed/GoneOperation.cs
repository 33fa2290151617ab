using RealtimeOps.Operations;

namespace RealtimeOps.Feed;

/// <summary>What is remembered of an operation that is gone: just enough to tell those who could have seen it. Tags are kept as hashes, since many are remembered and tags may be long.</summary>
internal sealed class GoneOperation(Operation operation)
{
    private readonly (int Name, int Value)[] _tags = [.. operation.Tags.Select(Hash)];
    private readonly string _owner = operation.Owner;
    private readonly string _type = operation.Key.Type;
    private readonly DateTimeOffset _createdAt = operation.CreatedAt;

    public long Sequence { get; } = operation.Sequence;

    public string Uri { get; } = operation.Uri;

    /// <summary>Whether a feed with this filter may have shown it. What it was filtered by never changed, but for its state.</summary>
    public bool MayHaveMatched(OperationFilter filter) =>
        (filter.Owner is null || filter.Owner == _owner)
        && (filter.Type is null || filter.Type == _type)
        && (filter.Types is null || filter.Types.Contains(_type))
        && (filter.CreatedAfter is null || _createdAt > filter.CreatedAfter)
        && (filter.CreatedBefore is null || _createdAt < filter.CreatedBefore)
        && filter.Tags.All(tag => _tags.Contains(Hash(tag)));

    private static (int Name, int Value) Hash(KeyValuePair<string, string> tag) =>
        (tag.Key.GetHashCode(StringComparison.Ordinal), tag.Value.GetHashCode(StringComparison.Ordinal));
}
