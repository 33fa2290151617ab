using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using RealtimeOps.Hosting.Security;

namespace RealtimeOps.Watch.Description;

/// <summary>A route with its description, as an operation of OpenAPI.</summary>
internal sealed class DescribedRoute(RouteEndpoint route, Door door)
{
    private static readonly AccessRule Open = AccessRules.Everybody;

    private readonly AccessRule _rule = route.Metadata.GetMetadata<AccessRule>() ?? Open;
    private readonly string[] _places = [.. route.RoutePattern.Parameters.Select(parameter => parameter.Name)];

    public string Path { get; } = "/" + route.RoutePattern.RawText!.Trim('/');

    /// <summary>A route for reading also answers HEAD, which needs no description of its own.</summary>
    public string Method { get; } = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? HttpMethods.Get;

    public JsonObject Describe()
    {
        var operation = new JsonObject
        {
            ["operationId"] = door.Id,
            ["tags"] = new JsonArray(door.Tag),
            ["summary"] = route.DisplayName,
            ["description"] = Description(),
            ["security"] = Security(),
        };
        if (_places.Length + door.Parameters.Count > 0)
        {
            operation["parameters"] = new JsonArray([.. _places.Concat(door.Parameters).Select(name => Reference("parameters", name))]);
        }

        if (door.Body.Count > 0)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Contents(door.Body) };
        }

        operation["responses"] = Responses();
        if (door.TakesWebhook)
        {
            operation["callbacks"] = new JsonObject { ["inBody"] = Reference("callbacks", "InBody"), ["inQuery"] = Reference("callbacks", "InQuery") };
        }

        return operation;
    }

    public static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private string Description()
    {
        string[] scopes = _rule.AnyOf is Scopes.None ? [] : _rule.AnyOf is Scopes.All ? ["any"] : [.. ScopeNames.Least(_rule.AnyOf).Select(scope => $"`{scope}`")];
        return scopes.Length == 0 ? door.Description : $"{door.Description}\n\nScope: {string.Join(" or ", scopes)}.";
    }

    /// <summary>Each line is enough by itself.</summary>
    private JsonArray Security()
    {
        if (_rule.AnyOf is Scopes.None)
        {
            return _rule.HasOwnCredential ? [new JsonObject { ["report"] = new JsonArray() }] : [];
        }

        string[] scopes = _rule.AnyOf is Scopes.All ? [] : [.. ScopeNames.Least(_rule.AnyOf)];
        IEnumerable<JsonObject> lines =
            from scheme in new[] { "bearer", "apiKey", "session" }
            from scope in scopes.Length == 0 ? [new JsonArray()] : scopes.Select(scope => new JsonArray(scope))
            select new JsonObject { [scheme] = scope };
        if (_rule.AcceptsLink)
        {
            lines = lines.Append(new JsonObject { ["link"] = new JsonArray() });
        }

        return new JsonArray([.. lines]);
    }

    private JsonObject Responses()
    {
        var responses = new JsonObject();
        foreach (DoorAnswer answer in door.Answers)
        {
            var response = new JsonObject { ["description"] = answer.Description };
            if (answer.Headers.Count > 0)
            {
                response["headers"] = new JsonObject(answer.Headers.Select(header => KeyValuePair.Create<string, JsonNode?>(header, Reference("headers", header))));
            }

            if (answer.Contents.Count > 0)
            {
                response["content"] = Contents(answer.Contents);
            }

            responses[Text(answer.Code)] = response;
        }

        foreach (int code in Problems().Distinct().Order().Where(code => door.Answers.All(answer => answer.Code != code)))
        {
            responses[Text(code)] = Reference("responses", "Problem" + Text(code));
        }

        responses["default"] = Reference("responses", "Problem");
        return responses;
    }

    /// <summary>What any route of this kind may answer, and what this one does.</summary>
    private IEnumerable<int> Problems() =>
    [
        .. door.Problems,
        StatusCodes.Status403Forbidden,
        .. _places.Length + door.Parameters.Count + door.Body.Count > 0 ? [StatusCodes.Status400BadRequest] : Array.Empty<int>(),
        .. _places.Length > 0 ? [StatusCodes.Status404NotFound] : Array.Empty<int>(),
        .. _rule.AnyOf is Scopes.None ? Array.Empty<int>() : [StatusCodes.Status401Unauthorized, StatusCodes.Status503ServiceUnavailable],
        .. _rule.AnyOf is Scopes.None || HttpMethods.IsGet(Method) ? Array.Empty<int>() : [StatusCodes.Status504GatewayTimeout],
    ];

    private static JsonObject Contents(IEnumerable<Content> contents) =>
        new(contents.Select(content => KeyValuePair.Create<string, JsonNode?>(content.MediaType, new JsonObject { ["schema"] = Reference("schemas", content.Schema) })));

    private static string Text(int code) => code.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
