using System.Globalization;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// A place in a JSON document (RFC 6901). Grows at the end while a document is walked, and is spelled out only where
/// there is something to report: a walk of a large document must not pay for pointers that nobody reads.
/// </summary>
internal sealed class JsonPointer
{
    public static readonly JsonPointer Root = new(null, name: null, index: 0, length: 0);

    private const int MaxReportedLength = 1000;
    private const int MaxIndexLength = 10;

    private readonly JsonPointer? _parent;
    private readonly string? _name;
    private readonly int _index;
    private readonly int _length;

    private JsonPointer(JsonPointer? parent, string? name, int index, int length) =>
        (_parent, _name, _index, _length) = (parent, name, index, length);

    public JsonPointer Append(string name) => new(this, name, index: 0, _length + 1 + name.Length);

    public JsonPointer Append(int index) => new(this, name: null, index, _length + 1 + MaxIndexLength);

    public override string ToString() => _parent is null ? "" : $"{_parent}/{Token}";

    /// <summary>As <see cref="ToString"/>, or the nearest ancestor of reasonable length: a sender's long names, repeated
    /// once per fault, would make a small input a huge answer.</summary>
    public string ToBoundedString()
    {
        JsonPointer pointer = this;
        while (pointer._length > MaxReportedLength && pointer._parent is { } parent)
            pointer = parent;
        return pointer.ToString();
    }

    private string Token =>
        _name?.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)
        ?? _index.ToString(CultureInfo.InvariantCulture);
}
