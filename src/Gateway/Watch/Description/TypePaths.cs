using System.Text.Json.Nodes;
using RealtimeOps.Operations;

namespace RealtimeOps.Watch.Description;

/// <summary>Gives an operation type paths of its own, so that generated clients know its input.</summary>
internal static class TypePaths
{
    private const string Generic = "/operations/{type}";
    private const string GenericOperation = Generic + "/{id}";

    private static readonly string[] RelayedHeaders = ["prefer", "idempotencyKey"];

    /// <summary>Adds the type to a document that has the paths of all types.</summary>
    public static void AddTo(JsonObject document, OperationType type)
    {
        JsonObject paths = document["paths"]!.AsObject();
        if (type.Route is { } route)
        {
            paths[route.Replace("/**", "/{path}", StringComparison.Ordinal)] = new JsonObject(
                new[] { "put", "post", "delete" }.Select(method => KeyValuePair.Create<string, JsonNode?>(method, Relayed(paths[Generic]!["post"]!, type, route, method))));
            return;
        }

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

    /// <summary>A request to a service behind the gateway: a submission, with whatever body the service takes.</summary>
    private static JsonObject Relayed(JsonNode generic, OperationType type, string route, string method)
    {
        JsonObject submission = generic.DeepClone().AsObject();
        JsonObject own = DescriptionParts.OfRelayedRequests();
        string[] places = route.EndsWith("/**", StringComparison.Ordinal) ? ["path", "operationOptions"] : ["operationOptions"];
        submission["operationId"] = $"{method}-{type.Name}";
        submission["tags"] = new JsonArray("Relay");
        submission["summary"] = $"Have a service do it: {type.Name}";
        submission["description"] = $"{type.Description} Path, query, body and the headers that the route lists are the service's; its answer becomes the result.";
        submission["parameters"] = new JsonArray([.. places.Select(name => own[name]!.DeepClone()), .. RelayedHeaders.Select(name => DescribedRoute.Reference("parameters", name))]);
        submission["requestBody"] = new JsonObject { ["content"] = Streamed(type) };
        submission.Remove("callbacks");
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
