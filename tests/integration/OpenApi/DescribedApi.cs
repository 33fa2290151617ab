using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.IntegrationTests.OpenApi;

/// <summary>The server's OpenAPI document, to hold its answers against. Stricter than JSON Schema: a member that is not described is a fault.</summary>
internal sealed class DescribedApi
{
    /// <summary>Headers that are told for some answers; the others (dates, lengths, security) go without saying.</summary>
    private static readonly string[] Told = ["Location", "Operation-Location", "Retry-After", "ETag", "Link", "Preference-Applied", "RateLimit", "RateLimit-Policy", "WWW-Authenticate", "Content-Range", "Set-Cookie"];

    /// <summary>Schemas of what is sent, not answered.</summary>
    private static readonly string[] Inputs = ["NewSubscription", "SubscriptionChange", "SessionKey", "Expiry", "Progress"];

    private readonly JsonNode _document;
    private readonly HashSet<string> _seen = [];

    /// <summary>What the gateway calls holds messages against it while the test holds answers against it.</summary>
    private readonly Lock _gate = new();

    private DescribedApi(string text) => (Text, _document) = (text, JsonNode.Parse(text)!);

    public string Text { get; }

    /// <summary>Method and path of each.</summary>
    public IEnumerable<string> Operations => from path in At("paths")!.AsObject() from operation in path.Value!.AsObject() select $"{operation.Key.ToUpperInvariant()} {path.Key}";

    /// <summary>The members of answers, and the answers that are no problems, that have not been seen so far.</summary>
    public IEnumerable<string> Unseen =>
    [
        .. from schema in At("components/schemas")!.AsObject()
           where Inputs.All(input => input != schema.Key) && char.IsUpper(schema.Key[0])
           from member in Members(schema.Value!)
           let name = $"{schema.Key}.{member}"
           where !_seen.Contains(name)
           select name,
        .. from operation in Operations
           where !operation.Contains("/operations/", StringComparison.Ordinal) || operation.Contains("{type}", StringComparison.Ordinal)
           from response in Operation(operation)["responses"]!.AsObject()
           let name = $"{operation} {response.Key}"
           where response.Value!["$ref"] is null && response.Key[0] < '4' && !_seen.Contains(name)
           select name,
    ];

    public static async Task<DescribedApi> ReadAsync(GatewayClient client) => new((await client.GetAsync("/openapi/v1.json")).ShouldBe(200).Text);

    public JsonNode? At(string pointer) => pointer.Split('/').Aggregate((JsonNode?)_document, (node, name) => node?[name]);

    public JsonNode Operation(string operation) => operation.Split(' ') is [var method, var path] ? _document["paths"]![path]![method.ToLowerInvariant()]! : throw new ArgumentException(operation);

    /// <summary>The answer is one that the document tells of: its code, its headers, its media type, and every member of its body.</summary>
    public Answer ShouldTell(string operation, Answer answer)
    {
        using Lock.Scope alone = _gate.EnterScope();
        string code = answer.Code.ToString(CultureInfo.InvariantCulture);
        JsonNode response = Resolve(Operation(operation)["responses"]![code].ShouldNotBeNull($"{operation} answered {code}, which is not described: {answer.Text}"));
        _seen.Add($"{operation} {code}");
        foreach (string header in Told.Where(header => answer[header] is not null))
        {
            (response["headers"]?[header] is not null).ShouldBeTrue($"{operation} {code} has the header {header}, which is not described.");
        }

        if (answer.Body.Length == 0)
        {
            return answer;
        }

        string mediaType = answer["Content-Type"]!.Split(';')[0];
        JsonNode content = (response["content"]?[mediaType] ?? response["content"]?["*/*"]).ShouldNotBeNull($"{operation} {code} has a body of {mediaType}, which is not described.");
        if (mediaType.EndsWith("json", StringComparison.Ordinal) && response["content"]![mediaType] is not null)
        {
            ShouldFit(content["schema"]!, answer.Json, $"{operation} {code}", null);
        }

        return answer;
    }

    /// <summary>An event of a stream.</summary>
    public void ShouldFit(string schema, JsonElement value)
    {
        using Lock.Scope alone = _gate.EnterScope();
        ShouldFit(new JsonObject { ["$ref"] = "#/components/schemas/" + schema }, value, schema, null);
    }

    private void ShouldFit(JsonNode schema, JsonElement value, string where, string? name)
    {
        if (schema["$ref"] is { } reference)
        {
            name = ((string)reference!).Split('/')[^1];
            ShouldFit(Resolve(schema), value, where, name);
            return;
        }

        if (schema["allOf"] is JsonArray parts)
        {
            JsonObject whole = Merge(parts);
            ShouldFit(whole, value, where, "Status");
            _seen.UnionWith(value.EnumerateObject().Select(member => $"{name}.{member.Name}"));
            return;
        }

        if (schema["type"] is JsonValue type)
        {
            Kind(value).ShouldBeOneOf((string)type! == "number" ? ["number", "integer"] : [(string)type!], where);
        }

        if (schema["enum"] is JsonArray values)
        {
            values.Select(allowed => (string)allowed!).ShouldContain(value.GetString(), where);
        }

        if (schema["items"] is { } items)
        {
            foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
            {
                ShouldFit(items, item, $"{where}/{index}", name);
            }
        }

        if (schema["properties"] is JsonObject described)
        {
            foreach (JsonNode? required in schema["required"] as JsonArray ?? [])
            {
                value.TryGetProperty((string)required!, out _).ShouldBeTrue($"{where} lacks '{required}': {value}");
            }

            foreach (JsonProperty member in value.EnumerateObject())
            {
                ShouldFit(described[member.Name].ShouldNotBeNull($"{where} has '{member.Name}', which is not described."), member.Value, $"{where}/{member.Name}", null);
                _seen.Add($"{name}.{member.Name}");
            }
        }
        else if (value.ValueKind is JsonValueKind.Object && schema["additionalProperties"] is JsonObject each)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                ShouldFit(each, member.Value, $"{where}/{member.Name}", null);
            }
        }
    }

    private JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference ? At(((string)reference!)[2..]).ShouldNotBeNull() : node;

    private JsonObject Merge(JsonArray parts) => new()
    {
        ["required"] = new JsonArray([.. parts.SelectMany(part => Resolve(part!)["required"] as JsonArray ?? []).Select(name => name!.DeepClone())]),
        ["properties"] = new JsonObject(parts.SelectMany(part => Resolve(part!)["properties"]!.AsObject()).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))),
    };

    private static IEnumerable<string> Members(JsonNode schema) =>
        (schema["properties"]?.AsObject() ?? schema["allOf"]?.AsArray().Select(part => part!["properties"]).OfType<JsonObject>().FirstOrDefault() ?? []).Select(member => member.Key);

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
