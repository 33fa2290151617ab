using System.Collections.Frozen;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeOps.Operations.Schemas;

/// <summary>What the exporter leaves out of the rules of .NET types, so that an input which fits the schema can be read.</summary>
internal static class ClrConstraints
{
    private static readonly FrozenDictionary<Type, (string Minimum, string Maximum)> Ranges =
        new Dictionary<Type, (string, string)>
        {
            [typeof(sbyte)] = RangeOf<sbyte>(),
            [typeof(byte)] = RangeOf<byte>(),
            [typeof(short)] = RangeOf<short>(),
            [typeof(ushort)] = RangeOf<ushort>(),
            [typeof(int)] = RangeOf<int>(),
            [typeof(uint)] = RangeOf<uint>(),
            [typeof(long)] = RangeOf<long>(),
            [typeof(ulong)] = RangeOf<ulong>(),
            [typeof(Int128)] = RangeOf<Int128>(),
            [typeof(UInt128)] = RangeOf<UInt128>(),
            [typeof(Half)] = RangeOf<Half>(),
            [typeof(float)] = RangeOf<float>(),
            [typeof(double)] = RangeOf<double>(),
            [typeof(decimal)] = RangeOf<decimal>(),
        }.ToFrozenDictionary();

    public static void AddTo(JsonObject node, JsonSchemaExporterContext context)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type.IsEnum)
            type = Enum.GetUnderlyingType(type);

        if ((Allows(node, "integer") || Allows(node, "number")) && Ranges.TryGetValue(type, out (string Minimum, string Maximum) range))
        {
            node["minimum"] = JsonNode.Parse(range.Minimum);
            node["maximum"] = JsonNode.Parse(range.Maximum);
        }
        else if (Allows(node, "string"))
        {
            AddToString(node, type);
        }

        if (context.TypeInfo.PolymorphismOptions is { DerivedTypes.Count: > 0 } polymorphism && context.BaseTypeInfo is null)
            AddDiscriminators(node, context.TypeInfo.Type, polymorphism);
        if (context.BaseTypeInfo?.PolymorphismOptions is { } inherited)
            ForbidDiscriminatorOfOthers(node, context.TypeInfo.Type, inherited);
    }

    public static bool Allows(JsonObject node, string type) => node["type"] switch
    {
        JsonArray types => types.Any(one => (string?)one == type),
        JsonValue one => (string?)one == type,
        _ => false,
    };

    private static void AddToString(JsonObject node, Type type)
    {
        if (type == typeof(TimeSpan))
            node["format"] = "timespan";
        else if (type == typeof(Version))
            node["format"] = "version";
        else if (type == typeof(char))
            node["format"] = "char"; // one UTF-16 unit, where maxLength counts whole characters
        else if (type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>))
            node["contentEncoding"] = "base64";
    }

    /// <summary>Says beside the alternatives which discriminators there are: a fault then names them all.</summary>
    private static void AddDiscriminators(JsonObject node, Type type, JsonPolymorphismOptions polymorphism)
    {
        if (polymorphism.DerivedTypes.FirstOrDefault(one => one.TypeDiscriminator is null && one.DerivedType != type) is { DerivedType: { } unreadable })
            throw new NotSupportedException($"{unreadable} cannot be read from JSON as a {type}: its [JsonDerivedType] has no type discriminator.");

        IEnumerable<JsonNode?> discriminators = polymorphism.DerivedTypes
            .Where(one => one.TypeDiscriminator is not null)
            .Select(one => JsonSerializer.SerializeToNode(one.TypeDiscriminator));
        node["properties"] = new JsonObject
        {
            [polymorphism.TypeDiscriminatorPropertyName] = new JsonObject { ["enum"] = new JsonArray([.. discriminators]) },
        };
    }

    /// <summary>The base type, where it may stand for itself without a discriminator, would otherwise take what is meant for the others.</summary>
    private static void ForbidDiscriminatorOfOthers(JsonObject node, Type type, JsonPolymorphismOptions polymorphism)
    {
        if (polymorphism.DerivedTypes.Any(one => one.DerivedType == type && one.TypeDiscriminator is not null))
            return;
        if (node["properties"] is not JsonObject properties)
            node["properties"] = properties = [];
        properties[polymorphism.TypeDiscriminatorPropertyName] = false;
    }

    private static (string Minimum, string Maximum) RangeOf<T>()
        where T : IMinMaxValue<T> =>
        (JsonSerializer.Serialize(T.MinValue), JsonSerializer.Serialize(T.MaxValue));
}
