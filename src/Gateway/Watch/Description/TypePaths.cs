using System.Text.Json.Nodes;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch.Description;

/// <summary>Gives an operation type paths of its own, so that generated clients know its input.</summary>
internal static class TypePaths
{
    private const string Generic = "/operations/{type}";
    private const string GenericOperation = Generic + "/{id}";

    /// <summary>Adds the type to a document that has the paths of all types.</summary>
    public static void AddTo(JsonObject document, OperationType type)
    {
        JsonObject paths = document["paths"]!.AsObject();
        JsonObject content = type.Schema is null ? Streamed(type) : Json(document, type);
        paths[$"/operations/{type.Name}"] = new JsonObject { ["post"] = Submission(paths[Generic]!["post"]!, type, content) };
        paths[$"/operations/{type.Name}/{{id}}"] = new JsonObject { ["put"] = Submission(paths[GenericOperation]!["put"]!, type, content.DeepClone()) };
    }

    private static JsonObject Submission(JsonNode generic, OperationType type, JsonNode content)
    {
        JsonObject submission = generic.DeepClone().AsObject();
        submission["operationId"] = $"{submission["operationId"]}-{type.Name}";
        submission["summary"] = $"{submission["summary"]}: {type.Name}";
        submission["description"] = $"{type.Description}\n\n{submission["description"]}";
        JsonArray parameters = submission["parameters"]!.AsArray();
        parameters.Remove(parameters.First(parameter => (string?)parameter!["$ref"] == "#/components/parameters/type"));
        submission["requestBody"]!["content"] = content;
        return submission;
    }

    private static JsonObject Streamed(OperationType type) =>
        new(type.MediaTypes.Select(mediaType => KeyValuePair.Create<string, JsonNode?>(mediaType, new JsonObject { ["schema"] = DescribedRoute.Reference("schemas", "Bytes") })));

    /// <summary>The names of types begin with a small letter, those of the other schemas with a capital.</summary>
    private static JsonObject Json(JsonObject document, OperationType type)
    {
        JsonObject schema = type.InputSchemaDocument!.DeepClone().AsObject();
        schema.Remove("$schema");
        Rebase(schema, $"#/components/schemas/{type.Name}");
        if (schema["properties"] is JsonObject members)
        {
            members["webhook"] = DescribedRoute.Reference("schemas", "Webhook");
        }

        document["components"]!["schemas"]![type.Name] = schema;
        return new JsonObject { ["application/json"] = new JsonObject { ["schema"] = DescribedRoute.Reference("schemas", type.Name) } };
    }

    /// <summary>References within the schema begin at its root, which is now a part of the document.</summary>
    private static void Rebase(JsonNode? node, string root)
    {
        switch (node)
        {
            case JsonObject schema:
                if (schema["$ref"] is JsonValue reference && ((string)reference!).StartsWith('#'))
                {
                    schema["$ref"] = root + ((string)reference!)[1..];
                }

                foreach ((_, JsonNode? part) in schema)
                {
                    Rebase(part, root);
                }

                break;
            case JsonArray parts:
                foreach (JsonNode? part in parts)
                {
                    Rebase(part, root);
                }

                break;
        }
    }
}
