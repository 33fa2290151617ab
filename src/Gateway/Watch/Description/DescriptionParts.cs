using System.Reflection;
using System.Text.Json.Nodes;

namespace RealtimeOps.Watch.Description;

/// <summary>What routes do not know: schemas, parameters, headers and problems, kept in OpenAPI's own language beside this file.</summary>
internal static class DescriptionParts
{
    /// <summary>The document with everything but paths.</summary>
    public static JsonObject Read()
    {
        JsonObject document = Read("document");
        JsonObject components = document["components"]!.AsObject();
        components["schemas"] = Read("schemas");
        components["parameters"] = Read("parameters");
        components["headers"] = Read("headers");
        components["responses"] = new JsonObject(Read("problems").Select(problem => KeyValuePair.Create<string, JsonNode?>(
            problem.Key == "default" ? "Problem" : "Problem" + problem.Key, Problem(problem.Value!.AsObject()))));
        return document;
    }

    /// <summary>The parameters of relayed requests, by name; not among the components, since most servers relay nothing.</summary>
    public static JsonObject OfRelayedRequests() => Read("relayed");

    private static JsonObject Problem(JsonObject problem)
    {
        var response = new JsonObject
        {
            ["description"] = problem["description"]!.DeepClone(),
            ["content"] = new JsonObject { ["application/problem+json"] = new JsonObject { ["schema"] = DescribedRoute.Reference("schemas", "Problem") } },
        };
        if (problem["headers"] is JsonArray headers)
        {
            response["headers"] = new JsonObject(headers.Select(header => KeyValuePair.Create<string, JsonNode?>((string)header!, DescribedRoute.Reference("headers", (string)header!))));
        }

        return response;
    }

    private static JsonObject Read(string part)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"RealtimeOps.Watch.Description.Parts.{part}.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
