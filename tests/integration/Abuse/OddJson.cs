using System.Text.Json;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>JSON that is almost what a door wants, and JSON that is none.</summary>
internal static class OddJson
{
    private static readonly string[] Members =
    [
        "steps", "stepMs", "failAt", "failStatus", "failTimes", "message", "result", "stamp", "webhook", "text", "number", "types", "states", "tags", "events", "expiresAt", "key", "progress", "activity", "percent", "__proto__", "Steps", "",
    ];

    private static readonly string[] Steps =
    [
        "{\"steps\":1,\"stepMs\":0}", "{\"steps\":2,\"stepMs\":1,\"message\":\"" + OddValues.Payload + "\"}", "{\"steps\":1,\"stepMs\":0,\"webhook\":\"mailbox:fuzz-1\",\"result\":{\"a\":[1,2.5,null,\"" + OddValues.Payload + "\"]}}",
        "{\"steps\":1,\"stepMs\":0,\"failAt\":1,\"failStatus\":7}", "{\"steps\":1,\"stepMs\":0,\"failTimes\":1}", "{\"steps\":100,\"stepMs\":50}",
    ];

    private static readonly string[] Scripts = ["{}", "{\"text\":\"" + OddValues.Payload + "\",\"number\":1}", "{\"number\":2147483647}"];

    private static readonly string[] Subscriptions =
    [
        "{\"webhook\":\"mailbox:fuzz-2\",\"states\":[\"failed\"],\"tags\":{\"a\":\"b\"}}", "{\"webhook\":\"mailbox:fuzz-1\",\"events\":\"changes\",\"types\":[\"demo.steps\"],\"expiresAt\":\"2030-01-01T00:00:00Z\"}", "{\"types\":[],\"tags\":null}",
    ];

    private static readonly string[] Others = ["{\"expiresAt\":\"2027-01-01T00:00:00Z\"}", "{\"key\":\"" + OddValues.Payload + "\"}", "{\"progress\":50,\"activity\":\"half\"}"];

    private static readonly string[] Broken =
    [
        "", " ", "{", "[", "\"", "{\"steps\":1", "{\"steps\":1,}", "{steps:1}", "{'steps':1}", "[1,]", "nul", "tru", "01", "+1", ".5", "1.", "1e", "--1", "{\"a\":1}{\"a\":2}", "\"\\u12\"", "\"\\x\"", "\"\n\"", "/* */ {}", "\ufeff{\"steps\":1,\"stepMs\":0}",
        new string('[', 5000), string.Concat(Enumerable.Repeat("{\"a\":", 3000)), "{\"steps\":1,\"stepMs\":0,\"result\":" + new string('[', 60) + new string(']', 60) + "}",
        "{\"steps\":1,\"stepMs\":0,\"result\":" + new string('[', 70) + new string(']', 70) + "}", "{\"steps\":1,\"stepMs\":0,\"result\":1" + new string('0', 2000) + "}", "{\"steps\":1,\"stepMs\":0,\"message\":\"\\ud800\"}", "{\"\\udc00\":1}",
        "{\"steps\":1,\"steps\":2,\"stepMs\":0}", "{\"webhook\":\"mailbox:fuzz-1\",\"webhook\":\"mailbox:fuzz-2\",\"steps\":1,\"stepMs\":0}", "{\"steps\":1,\"stepMs\":0,\"message\":\"a\\u0000b\",\"result\":\"\\u0000\"}", "{\"text\":\"\\u0000\"}",
    ];

    /// <summary>More often than not a body that fits what stands at the path.</summary>
    public static string Body(Chance chance, string path)
    {
        string fitting = chance.Of(path.Contains("demo.steps", StringComparison.Ordinal) ? Steps : path.Contains("test.script", StringComparison.Ordinal) ? Scripts : path.StartsWith("/subscriptions", StringComparison.Ordinal) ? Subscriptions : Others);
        return chance.Below(10) switch
        {
            < 5 => fitting,
            < 8 => With(chance, fitting),
            8 => chance.Of(Broken),
            _ => chance.In(50) ? Value(chance, 0) : fitting[..chance.Below(fitting.Length)],
        };
    }

    /// <summary>The object with members of any kind added, or put into the place of its own.</summary>
    private static string With(Chance chance, string json)
    {
        Dictionary<string, string> members = [];
        using (JsonDocument document = JsonDocument.Parse(json))
        {
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                members[member.Name] = member.Value.GetRawText();
            }
        }

        for (int changes = 1 + chance.Below(3); changes > 0; changes--)
        {
            members[chance.In(50) && members.Count > 0 ? chance.Of([.. members.Keys]) : chance.Of(Members)] = Value(chance, 0);
        }

        return "{" + string.Join(',', members.Select(member => JsonSerializer.Serialize(member.Key) + ":" + member.Value)) + "}";
    }

    private static string Value(Chance chance, int depth) => chance.Below(depth > 3 ? 8 : 10) switch
    {
        0 => "null",
        1 => chance.In(50) ? "true" : "false",
        2 or 3 => chance.Of(OddValues.Numbers) is var number && IsJson(number) ? number : "5",
        4 => Quote(chance.Of(OddValues.Instants)),
        5 => Quote(chance.Of(OddValues.Webhooks)),
        6 or 7 => Quote(chance.Of(OddValues.PrivateTexts)),
        8 => "[" + string.Join(',', Enumerable.Range(0, chance.Below(4)).Select(_ => Value(chance, depth + 1))) + "]",
        _ => "{" + string.Join(',', Enumerable.Range(0, chance.Below(4)).Select(_ => Quote(chance.Of(OddValues.PrivateTexts)) + ":" + Value(chance, depth + 1))) + "}",
    };

    private static bool IsJson(string number)
    {
        try
        {
            JsonDocument.Parse(number).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Half characters are written as escapes, which is all that JSON itself asks.</summary>
    private static string Quote(string text) => "\"" + string.Concat(text.Select(one => one is '"' or '\\' || one < ' ' || char.IsSurrogate(one) ? $"\\u{(int)one:x4}" : one.ToString())) + "\"";
}
