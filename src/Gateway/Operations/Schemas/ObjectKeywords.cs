using System.Collections.Frozen;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The keywords that constrain objects.</summary>
internal sealed class ObjectKeywords
{
    public static readonly string[] Names = ["properties", "required", "additionalProperties", "minProperties", "maxProperties"];

    private readonly CountRange _count;
    private readonly FrozenDictionary<string, SchemaNode> _members = FrozenDictionary<string, SchemaNode>.Empty;
    private readonly KeyValuePair<string, SchemaNode>[] _discriminators = [];
    private readonly SchemaNode? _others;
    private readonly string[] _required = [];

    public ObjectKeywords(JsonElement schema, JsonPointer at, Dictionary<string, SchemaNode> nodes)
    {
        _count = new CountRange(schema, "minProperties", "maxProperties", "member");
        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            _members = properties.EnumerateObject().ToFrozenDictionary(
                property => property.Name,
                property => new SchemaNode(property.Value, at.Append("properties").Append(property.Name), nodes));
            _discriminators = [.. _members.Where(member => member.Value.IsConstant || member.Value.IsNever)];
        }
        _others = SchemaNode.Part("additionalProperties", schema, at, nodes);
        if (schema.TryGetProperty("required", out JsonElement required))
            _required = [.. required.EnumerateArray().Select(name => name.GetString()!)];
    }

    public void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        _count.Check(value.GetPropertyCount(), at, faults);
        foreach (string name in _required)
        {
            if (!value.TryGetProperty(name, out _))
                faults.Add(at.Append(name), "is required");
        }
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (faults.IsFull)
                return;
            (_members.GetValueOrDefault(member.Name) ?? _others)?.Check(member.Value, at.Append(member.Name), faults);
        }
    }

    /// <summary>Whether a type discriminator says that the value is meant for another schema.</summary>
    public bool Excludes(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && _discriminators.Any(one => value.TryGetProperty(one.Key, out JsonElement found) ? !one.Value.Accepts(found) : one.Value.IsConstant);
}
