using System.Collections.Frozen;
using System.Text.Json;

namespace RealtimeOps.Operations.Schemas;

/// <summary>
/// A schema, or a part of one, ready to check values: the keywords that <see cref="SchemaExport"/> writes and no others. One
/// that is not known here fails when the schema is compiled, so that no rule is shown to clients and then ignored.
/// </summary>
internal sealed class SchemaNode
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create([
        "$schema", "$comment", "description", "default", "deprecated",
        "$ref", "type", "enum", "const", "not", "anyOf",
        .. StringKeywords.Names, .. NumberKeywords.Names, .. ArrayKeywords.Names, .. ObjectKeywords.Names]);

    private readonly string? _reference;
    private readonly SchemaTypes? _types;
    private readonly SchemaValues? _values;
    private readonly SchemaNode? _not;
    private readonly SchemaNode[] _anyOf = [];
    private readonly StringKeywords? _string;
    private readonly NumberKeywords? _number;
    private readonly ArrayKeywords? _array;
    private readonly ObjectKeywords? _object;
    private SchemaNode? _target;

    /// <param name="schema">The schema, an object or <c>true</c> or <c>false</c>.</param>
    /// <param name="at">Where it stands in its document.</param>
    /// <param name="nodes">All schemas of the document by their pointers, for references; grows by this one and its parts.</param>
    public SchemaNode(JsonElement schema, JsonPointer at, Dictionary<string, SchemaNode> nodes)
    {
        nodes.Add(at.ToString(), this);
        IsNever = schema.ValueKind == JsonValueKind.False;
        if (schema.ValueKind != JsonValueKind.Object)
            return;

        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
                throw new NotSupportedException($"The keyword {keyword.Name} of JSON Schema, at '{at}', is not evaluated.");
        }
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            _reference = reference.GetString();
        if (schema.TryGetProperty("type", out JsonElement types))
            _types = new SchemaTypes(types);
        if (schema.TryGetProperty("enum", out JsonElement values))
            _values = new SchemaValues([.. values.EnumerateArray()]);
        if (schema.TryGetProperty("const", out JsonElement constant))
            (_values, IsConstant) = (new SchemaValues([constant]), true);
        if (schema.TryGetProperty("anyOf", out JsonElement branches))
            _anyOf = [.. branches.EnumerateArray().Select((branch, index) => new SchemaNode(branch, at.Append("anyOf").Append(index), nodes))];
        _not = Part("not", schema, at, nodes);
        _string = new StringKeywords(schema);
        _number = new NumberKeywords(schema);
        _array = new ArrayKeywords(schema, at, nodes);
        _object = new ObjectKeywords(schema, at, nodes);
    }

    /// <summary>No value fits: the schema <c>false</c>.</summary>
    public bool IsNever { get; }

    /// <summary>One value fits: a type discriminator.</summary>
    public bool IsConstant { get; }

    public static SchemaNode Compile(JsonElement document)
    {
        var nodes = new Dictionary<string, SchemaNode>();
        var root = new SchemaNode(document, JsonPointer.Root, nodes);
        foreach (SchemaNode node in nodes.Values.Where(node => node._reference is not null))
            node._target = Resolve(node._reference!, nodes);
        return root;
    }

    /// <summary>The schema that a keyword holds, or null where the keyword is absent.</summary>
    public static SchemaNode? Part(string keyword, JsonElement schema, JsonPointer at, Dictionary<string, SchemaNode> nodes) =>
        schema.TryGetProperty(keyword, out JsonElement part) ? new SchemaNode(part, at.Append(keyword), nodes) : null;

    public void Check(JsonElement value, JsonPointer at, InputFaults faults)
    {
        if (IsNever)
        {
            faults.Add(at, "is not expected here");
            return;
        }
        if ((_types?.FaultOf(value) ?? _values?.FaultOf(value)) is { } fault)
        {
            faults.Add(at, fault);
            return;
        }
        if (_not?.Accepts(value) == true)
            faults.Add(at, $"must not be {Wording.Excerpt(value)}");

        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _string?.Check(value, at, faults);
                break;
            case JsonValueKind.Number:
                _number?.Check(value, at, faults);
                break;
            case JsonValueKind.Array:
                _array?.Check(value, at, faults);
                break;
            case JsonValueKind.Object:
                _object?.Check(value, at, faults);
                break;
        }
        _target?.Check(value, at, faults);
        CheckAnyOf(value, at, faults);
    }

    public bool Accepts(JsonElement value)
    {
        var faults = new InputFaults();
        Check(value, JsonPointer.Root, faults);
        return faults.IsEmpty;
    }

    /// <summary>
    /// Reports the faults of the first branch when none accepts the value. Branches that the value's type discriminator rules
    /// out are not gone into: nested hierarchies would cost exponential time. When it rules out all, the list of discriminators
    /// that stands beside them has said so already.
    /// </summary>
    private void CheckAnyOf(JsonElement value, JsonPointer at, InputFaults faults)
    {
        InputFaults? ofFirst = null;
        foreach (SchemaNode branch in _anyOf.Where(branch => branch._object?.Excludes(value) != true))
        {
            var ofBranch = new InputFaults();
            branch.Check(value, at, ofBranch);
            if (ofBranch.IsEmpty)
                return;
            ofFirst ??= ofBranch;
        }
        if (ofFirst is not null)
            faults.AddRange(ofFirst);
    }

    private static SchemaNode Resolve(string reference, Dictionary<string, SchemaNode> nodes)
    {
        // Whether the exporter percent-encodes the pointer, as a fragment of a URI should be, depends on its version.
        string pointer = reference.TrimStart('#');
        return nodes.GetValueOrDefault(pointer) ?? nodes[Uri.UnescapeDataString(pointer)];
    }
}
