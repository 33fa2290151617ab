using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeOps.Hosting;

namespace RealtimeOps.Watch;

/// <summary>Which operations to follow: <c>{type?, state?, tags?}</c>.</summary>
internal sealed record HubFilter(string? Type, [property: JsonConverter(typeof(HubFilter.OneOrMany))] string[]? State, Dictionary<string, string>? Tags)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Reads it here, not as a parameter of the hub, so that a client is told what was wrong.</summary>
    /// <exception cref="ProblemException">It is no filter.</exception>
    public static HubFilter? Parse(JsonElement? filter)
    {
        HubFilter? read;
        try
        {
            read = filter?.Deserialize<HubFilter>(Options);
        }
        catch (JsonException)
        {
            throw new ProblemException(Problems.BadRequest("'filter' must be {type?: text, state?: text or list of texts, tags?: object of texts}."));
        }

        foreach ((string name, string? value) in read?.Tags ?? [])
        {
            SubmissionOptions.CheckTag(name, value);
        }

        SubmissionOptions.CheckTags(read?.Tags?.Count ?? 0);
        return read;
    }

    /// <summary>A state, or a list of them.</summary>
    internal sealed class OneOrMany : JsonConverter<string[]>
    {
        public override string[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String ? [reader.GetString()!]
            : JsonSerializer.Deserialize<List<string?>>(ref reader, options) is not { } names ? null
            : names.Contains(null) ? throw new JsonException("A state is missing.")
            : [.. names!];

        public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options) => throw new NotSupportedException();
    }
}
