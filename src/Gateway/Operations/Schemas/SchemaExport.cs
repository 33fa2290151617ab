using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeOps.Operations.Schemas;

/// <summary>Writes the JSON Schema of a type: the framework's own, made as strict as the deserializer and the data annotations.</summary>
internal static class SchemaExport
{
    private static readonly JsonSchemaExporterOptions ExporterOptions = new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Constrain,
    };

    /// <exception cref="NotSupportedException">The type, or an annotation on it, cannot be said in JSON Schema.</exception>
    public static JsonObject Export(JsonTypeInfo type)
    {
        JsonObject document = ExportNode(type) as JsonObject ?? [];
        document.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        return document;
    }

    private static JsonNode ExportNode(JsonTypeInfo type)
    {
        try
        {
            return type.GetJsonSchemaAsNode(ExporterOptions);
        }
        catch (JsonException e)
        {
            throw new NotSupportedException(
                $"The input schema of {type.Type} cannot be written. The framework's schema exporter fails on a constructor "
                + "parameter with the default value of a struct, such as `TimeSpan delay = default`: make it nullable.", e);
        }
    }

    private static JsonNode Constrain(JsonSchemaExporterContext context, JsonNode schema)
    {
        JsonObject node = schema as JsonObject ?? [];

        // A reference is made only to the same member of the same type: its target carries the constraints.
        if (node.ContainsKey("$ref"))
            return schema;

        ClrConstraints.AddTo(node, context);
        SchemaNullability.AddTo(node, context);
        DataAnnotationConstraints.AddTo(node, context);
        return node.Count == 0 ? schema : node;
    }
}
