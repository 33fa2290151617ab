using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace RealtimeOps.Operations.Schemas;

/// <summary>Allows null where the declaration of a member does.</summary>
internal static class SchemaNullability
{
    public static void AddTo(JsonObject node, JsonSchemaExporterContext context)
    {
        if (context.PropertyInfo is not { } property)
            return;

        bool isRead = property.Set is not null || property.AssociatedParameter is not null;
        if (isRead && !property.IsSetNullable && !property.PropertyType.IsValueType)
            ForbidNull(node);

        if (property.AttributeProvider is PropertyInfo member)
            AllowNullInside(node, new NullabilityInfoContext().Create(member));
    }

    public static void ForbidNull(JsonObject node)
    {
        if (node["type"] is null && node["enum"] is null)
            node["not"] = new JsonObject { ["type"] = "null" };
        if (node["type"] is JsonArray types)
        {
            JsonNode[] others = [.. types.Where(type => (string?)type != "null").Select(type => type!.DeepClone())];
            node["type"] = others is [var only] ? only : new JsonArray(others);
        }
        if (node["enum"] is JsonArray values)
            node["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
    }

    /// <summary>
    /// The exporter knows whether a member is nullable, but not what it holds: in <c>List&lt;string?&gt;</c> each item is. When
    /// the items are of a recursive type, the references back to it allow null too, for they share its schema.
    /// </summary>
    private static void AllowNullInside(JsonObject node, NullabilityInfo declared)
    {
        (string keyword, NullabilityInfo? inside) = declared switch
        {
            { ElementType: { } element } => ("items", element),
            { GenericTypeArguments: [var item] } => ("items", item),
            { GenericTypeArguments: [_, var value] } => ("additionalProperties", value),
            _ => ("", null),
        };
        if (inside is null || node[keyword] is not JsonObject child)
            return;

        AllowNullInside(child, inside);
        if (inside.ReadState == NullabilityState.Nullable)
            AllowNull(node, keyword, child);
    }

    private static void AllowNull(JsonObject node, string keyword, JsonObject child)
    {
        if (child.ContainsKey("$ref"))
        {
            node.Remove(keyword);
            node[keyword] = new JsonObject { ["anyOf"] = new JsonArray(child, new JsonObject { ["type"] = "null" }) };
        }
        if (child["type"] is JsonValue type)
            child["type"] = new JsonArray(type.DeepClone(), "null");
        if (child["enum"] is JsonArray values && values.All(value => value is not null))
            values.Add(null);
    }
}
