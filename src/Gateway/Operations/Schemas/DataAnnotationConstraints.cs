using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeOps.Operations.Schemas;

/// <summary>The data annotations of a member as keywords of JSON Schema. One that cannot be said is refused: a rule that is
/// written down but never checked is worse than none.</summary>
internal static class DataAnnotationConstraints
{
    public static void AddTo(JsonObject node, JsonSchemaExporterContext context)
    {
        Type type = context.TypeInfo.Type;
        if (typeof(IValidatableObject).IsAssignableFrom(type) || type.IsDefined(typeof(ValidationAttribute), inherit: true))
            throw new NotSupportedException($"The rules that {type} has as a whole cannot be said in JSON Schema: let its constructor throw instead.");

        if (node["properties"] is JsonObject)
            RequireMembers(node, context.TypeInfo);

        if (context.PropertyInfo is { } property)
        {
            foreach (object attribute in AttributesOf(property))
                Add(node, attribute, property);
        }
        if (!node.ContainsKey("description"))
            Describe(node, type.GetCustomAttribute<DescriptionAttribute>()?.Description);
    }

    /// <summary>On a positional record, an annotation without <c>property:</c> sits on the parameter.</summary>
    private static IEnumerable<object> AttributesOf(JsonPropertyInfo property) =>
    [
        .. property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [],
        .. property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [],
    ];

    private static void RequireMembers(JsonObject node, JsonTypeInfo type)
    {
        string[] already = [.. (node["required"] as JsonArray ?? []).Select(name => (string)name!)];
        string[] annotated = [.. type.Properties.Where(property => AttributesOf(property).Any(attribute => attribute is RequiredAttribute)).Select(property => property.Name)];
        if (annotated.Length > 0)
            node["required"] = new JsonArray([.. already.Union(annotated).Select(name => JsonValue.Create(name))]);
    }

    private static void Add(JsonObject node, object attribute, JsonPropertyInfo property)
    {
        switch (attribute)
        {
            case RangeAttribute when !ClrConstraints.Allows(node, "number") && !ClrConstraints.Allows(node, "integer"):
            case RegularExpressionAttribute when !ClrConstraints.Allows(node, "string"):
                throw Unsupported(attribute.GetType().Name, property);
            case RangeAttribute range:
                Bound(node, range.Minimum, "minimum", "exclusiveMinimum", range.MinimumIsExclusive, property);
                Bound(node, range.Maximum, "maximum", "exclusiveMaximum", range.MaximumIsExclusive, property);
                break;
            case StringLengthAttribute length:
                Count(node, length.MinimumLength, length.MaximumLength, property);
                break;
            case LengthAttribute length:
                Count(node, length.MinimumLength, length.MaximumLength, property);
                break;
            case MinLengthAttribute length:
                Count(node, length.Length, null, property);
                break;
            case MaxLengthAttribute length:
                Count(node, null, length.Length < 0 ? null : length.Length, property);
                break;
            case RegularExpressionAttribute expression:
                node["pattern"] = $"^(?:{expression.Pattern})$"; // the attribute looks at the whole text, "pattern" for a part
                break;
            case AllowedValuesAttribute allowed:
                node["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonSerializer.SerializeToNode(value, property.Options))]);
                break;
            case RequiredAttribute required:
                SchemaNullability.ForbidNull(node);
                if (!required.AllowEmptyStrings && property.PropertyType == typeof(string) && !node.ContainsKey("minLength"))
                    node["minLength"] = 1;
                break;
            case DescriptionAttribute description:
                Describe(node, description.Description);
                break;
            case DisplayAttribute display:
                Describe(node, display.GetDescription());
                break;
            case ValidationAttribute other when other.GetType() != typeof(DataTypeAttribute):
                throw Unsupported(other.GetType().Name, property);
        }
    }

    private static void Bound(JsonObject node, object value, string keyword, string exclusiveKeyword, bool isExclusive, JsonPropertyInfo property)
    {
        if (value is double and (double.PositiveInfinity or double.NegativeInfinity))
            return;

        JsonNode bound = value switch
        {
            int number => number,
            double number => number,
            string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number) => number,
            _ => throw Unsupported($"A bound of {value}", property),
        };
        if (node[keyword] is { } ofType && IsTighter(ofType, bound, keyword))
            return;
        node.Remove(keyword);
        node[isExclusive ? exclusiveKeyword : keyword] = bound;
    }

    private static bool IsTighter(JsonNode left, JsonNode right, string keyword)
    {
        int order = JsonNumber.Compare(JsonNumber.Parse(left.ToJsonString()), JsonNumber.Parse(right.ToJsonString()));
        return keyword == "minimum" ? order > 0 : order < 0;
    }

    private static void Count(JsonObject node, int? minimum, int? maximum, JsonPropertyInfo property)
    {
        string what = ClrConstraints.Allows(node, "array") ? "Items"
            : ClrConstraints.Allows(node, "object") ? "Properties"
            : ClrConstraints.Allows(node, "string") && !node.ContainsKey("contentEncoding") ? "Length"
            : throw Unsupported("A length", property);
        if (minimum is > 0)
            node["min" + what] = minimum;
        if (maximum is not null)
            node["max" + what] = maximum;
    }

    private static void Describe(JsonObject node, string? description)
    {
        if (description is not null)
            node["description"] = description;
    }

    private static NotSupportedException Unsupported(string what, JsonPropertyInfo property) => new(
        $"{what} on {property.DeclaringType}.{property.Name} cannot be said in JSON Schema, so it would never be checked.");
}
