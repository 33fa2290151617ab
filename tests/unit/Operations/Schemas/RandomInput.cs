using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace RealtimeOps.UnitTests.Operations.Schemas;

/// <summary>Inputs that nearly fit a schema: the right kinds in the right places, with values from the edges of what fits.</summary>
internal static class RandomInput
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "1.0", "1.5", "1e2", "-1E+2", "127", "128", "-128", "-129", "255", "256", "32767", "32768", "-32769", "65504", "65535", "65536",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "79228162514264337593543950335",
        "79228162514264337593543950335.4", "79228162514264337593543950336", "7922816251426433759354395033.5e1", "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105728", "340282366920938463463374607431768211456", "3.4028235E+38", "3.5e38", "1.7976931348623157E+308",
        "1.8e308", "1e-400", "-1e400", "0e99999999999999999999", "1e99999999999999999999", "1e-99999999999999999999", "0.1000000000000000055511151231257827",
        "123456789012345678901234567890e-20",
    ];

    private static readonly string[] PlainTexts = ["a", "", " ", "ab", "😀", "A", "Plain", "fancy", "plain", "Plain, fancy", "0", "true", "null", "NaN"];

    private static readonly string[] DateTimes =
    [
        "2026-01-31T09:30:00Z", "2026-01-31", "2026-01-31T09:30:00+14:00", "2026-01-31T09:30:00+25:00", "2026-01-31T09:30", "2026-01-31T24:00:00",
        "2026-01-31t09:30:00z", "2026-01-31 09:30:00Z", "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59.9999999-14:00", "2026-01-31T09:30:60Z",
        "2026-01-31T09:30:00.1234567891234567Z", "2026-01-31T09:30:00.12345678912345678Z",
    ];

    private static readonly string[] Times =
    [
        "09:30:00", "09:30", "24:00:00", "09:30:60", "1.09:30:00", "-09:30:00", "09:30:00.1234567", "09:30:00.12345678", "10675199.02:48:05.4775807",
        "10675199.02:48:05.4775808", "99999999999.00:00:00", "٠٩:٣٠:٠٠", "09:30:00\n", "00:00:00Z",
    ];

    private static readonly Dictionary<string, string[]> TextsByFormat = new()
    {
        ["date-time"] = DateTimes,
        ["date"] = ["2026-01-31", "2026-02-30", "2026-1-31", " 2026-01-31", "٢٠٢٦-٠١-٣١"],
        ["time"] = Times,
        ["timespan"] = Times,
        ["uuid"] =
        [
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3F2504E0-4F89-41D3-9A0C-0305E82C3301", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}",
            "3f2504e04f8941d39a0c0305e82c3301",
        ],
        ["uri"] = ["http://a", "http://", "HTTP://a/ b", "/a", "a:b", "://", "http://[::1", "mailto:a@b", " http://a", "file:///a", "c:\\a"],
        ["char"] = ["a", "", "ab", "😀", "ä", "中"],
        ["version"] = ["1.2", "1.2.3.4", "1.2.3.4.5", "1", "1.-2", "1.99999999999", "١.٢"],
        ["base64"] = ["", "-_-_", "YQ==", "YQ", "YQ==\n", "Y Q=="],
    };

    private static readonly string[] Texts = [.. PlainTexts, .. TextsByFormat.Values.SelectMany(texts => texts).Distinct()];

    public static Gen<string> For(JsonObject document) => OfSchema(document, document, depth: 0);

    private static Gen<string> OfSchema(JsonNode? schema, JsonObject document, int depth) => Frequently(
        Fitting(schema as JsonObject ?? [], document, depth),
        Gen.OneOf(Gen.Elements(Numbers), Gen.Elements(Texts).Select(Quoted), Gen.Elements("null", "true", "false", "[]", "{}")));

    private static Gen<string> Fitting(JsonObject schema, JsonObject document, int depth)
    {
        if (schema["$ref"] is { } reference)
            return OfSchema(Target(document, (string)reference!), document, depth);
        if (schema["anyOf"] is JsonArray branches)
            return Gen.OneOf(branches.Select(branch => OfSchema(branch, document, depth)));
        if (schema["const"] is { } constant)
            return Gen.Constant(constant.ToJsonString());
        if (schema["enum"] is JsonArray values)
            return Gen.Elements(values.Select(value => value?.ToJsonString() ?? "null"));
        IEnumerable<string> types = schema["type"] switch
        {
            JsonArray several => depth > 2 ? ["null"] : several.Select(type => (string)type!),
            { } one => [(string)one!],
            null => schema["properties"] is null ? ["number", "string", "boolean", "null"] : ["object"],
        };
        return Gen.OneOf(types.Select(type => OfType(type, schema, document, depth)));
    }

    private static Gen<string> OfType(string type, JsonObject schema, JsonObject document, int depth) => type switch
    {
        "null" => Gen.Constant("null"),
        "boolean" => Gen.Elements("true", "false"),
        "integer" or "number" => OneOf(Numbers),
        "string" => OneOf(TextsByFormat.GetValueOrDefault((string?)(schema["format"] ?? schema["contentEncoding"]) ?? "", PlainTexts)).Select(Quoted),
        "array" when depth > 2 => Gen.Constant("[]"),
        "array" =>
            from count in Gen.Choose(0, 2)
            from items in OfSchema(schema["items"], document, depth + 1).ListOf(count)
            select $"[{string.Join(',', items)}]",
        _ when schema["properties"] is not JsonObject => OfSchema(schema["additionalProperties"], document, depth + 1)
            .Select(value => "{\"k\":" + value + "}"),
        _ => Gen.CollectToList(
                schema["properties"]!.AsObject().Where(_ => depth < 5),
                member => Frequently(
                    OfSchema(member.Value, document, depth + 1).Select(value => $"{Quoted(member.Key)}:{value}"),
                    Gen.Elements("", $"{Quoted(member.Key)}:null", "\"unknown\":0")))
            .Select(members => "{" + string.Join(',', members.Where(member => member != "").Distinct()) + "}"),
    };

    // An input of many members should now and then fit as a whole: hence the weights, and the harmless values that stand first.
    private static Gen<string> Frequently(Gen<string> usual, Gen<string> other) => Gen.Frequency((20, usual), (1, other));

    private static Gen<string> OneOf(string[] values) => Gen.Frequency((5, Gen.Constant(values[0])), (1, Gen.Elements(values)));

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();

    private static JsonNode? Target(JsonObject document, string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)document, (node, token) => node is JsonArray array ? array[int.Parse(token)] : node![token]);
}
