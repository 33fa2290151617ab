using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeOps.Operations.Schemas;

/// <summary>How the input of a typed operation is read. Its schema is made from the same options, so that the two agree.</summary>
internal static class InputJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            // JSON Schema knows no names that match in any case.
            PropertyNameCaseInsensitive = false,
            AllowDuplicateProperties = false,
            // JSON Schema cannot ask that a type discriminator comes first, and many clients cannot order members.
            AllowOutOfOrderMetadataProperties = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
