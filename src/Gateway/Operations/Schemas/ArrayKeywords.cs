using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keywords that constrain arrays.</summary>
internal sealed class ArrayKeywords(JsonElement schema, JsonPointer at, Dictionary<string, SchemaNode> nodes)
{
    public static readonly string[] Names = ["items", "minItems", "maxItems"];

    private readonly CountRange _count = new(schema, "minItems", "maxItems", "item");
    private readonly SchemaNode? _items = SchemaNode.Part("items", schema, at, nodes);

    public void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        _count.Check(value.GetArrayLength(), at, faults);
        if (_items is null)
            return;
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (faults.IsFull)
                return;
            _items.Check(item, at.Append(index++), faults);
        }
    }
}
