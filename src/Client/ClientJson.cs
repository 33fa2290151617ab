using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeOps.Client;

/// <summary>The JSON of the wire, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(OperationStatus))]
[JsonSerializable(typeof(OperationPage))]
[JsonSerializable(typeof(GoneNotice))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>One page of a list.</summary>
internal sealed record OperationPage(IReadOnlyList<JsonElement> Operations, string? NextPageToken);

/// <summary>What a feed tells of an operation that is no more.</summary>
internal sealed record GoneNotice(Uri Uri);
