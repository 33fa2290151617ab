using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests;

/// <summary>The README, taken at its word.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string Address = "http://localhost:5080";

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    /// <summary>What each block of the tour must show, in the README's order.</summary>
    private static readonly Action<string>[] Expectations =
    [
        submitted =>
        {
            submitted.ShouldStartWith("HTTP/1.1 202");
            submitted.ShouldMatch(@"(?m)^Location: http://\S+/operations/demo\.steps/\S+\r$");
            submitted.ShouldMatch(@"(?m)^Retry-After: [1-9]\d*\r$");
            Bodies(submitted).Single().Number("progress").ShouldBe(0);
        },
        put => Bodies(put).Single().Text("id").ShouldBe("my-first"),
        polled =>
        {
            polled.ShouldStartWith("HTTP/1.1 202");
            polled.ShouldMatch(@"(?m)^Retry-After: [1-9]\d*\r$");
            Bodies(polled).Single().Number("progress")!.Value.ShouldBeLessThan(100);
        },
        waited =>
        {
            JsonElement final = Bodies(waited).Single();
            final.Number("progress").ShouldBe(100);
            final.Number("status").ShouldBe(0);
        },
        result => result.ShouldBe("{\"answer\":42}", StringCompareShould.IgnoreLineEndings),
        streamed =>
        {
            streamed.ShouldStartWith("retry: 2000");
            JsonElement[] statuses = Bodies(streamed);
            statuses.Length.ShouldBeGreaterThan(2);
            statuses[0].Number("progress").ShouldBe(0);
            statuses[^1].Number("progress").ShouldBe(100);
        },
        followed =>
        {
            followed.ShouldContain("event: ready");
            Bodies(followed)[^1].Number("progress").ShouldBe(100);
        },
        profiled =>
        {
            JsonElement[] bodies = Bodies(profiled);
            bodies.Length.ShouldBe(2);
            bodies[0].Number("progress").ShouldBe(100);
            bodies[0].GetProperty("tags").Text("team").ShouldBe("maps");
            CheckProfile(bodies[1]);
        },
        canceled =>
        {
            JsonElement[] bodies = Bodies(canceled);
            bodies.Length.ShouldBe(5);
            bodies[1].Text("state").ShouldBeOneOf("canceling", "canceled");
            bodies[2].Text("state").ShouldBe("canceled");
            bodies[2].Number("progress").ShouldBe(100);
            bodies[3].GetProperty("operations").EnumerateArray().ShouldHaveSingleItem().Text("id").ShouldBe("too-long");
            string?[] events = [.. bodies[4].GetProperty("events").EnumerateArray().Select(happened => happened.Text("event"))];
            events[0].ShouldBe("accepted");
            new[] { "started", "cancelRequested", "ended", "contact" }.ShouldBeSubsetOf(events);
        },
    ];

    [Fact]
    public async Task Tour_Pasted_ShowsWhatItPromises()
    {
        string readme = await Repository.ReadAsync("README.md", TestContext.Current.CancellationToken);
        string[] blocks = Markdown.Blocks(Tour().Match(readme).Value, "bash");
        blocks.Length.ShouldBe(Expectations.Length, "Say here what the new block must show.");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);

        foreach ((string block, Action<string> check) in blocks.Zip(Expectations))
        {
            block.ShouldContain(Address);
            check(await Shell.RunAsync(block.Replace(Address, server.Client.Address.ToString().TrimEnd('/'), StringComparison.Ordinal)));
        }

        await server.StopAsync();
    }

    [Fact]
    public async Task CSharp_AsPrinted_IsOfTheSamplesAndTests()
    {
        string readme = await Repository.ReadAsync("README.md", TestContext.Current.CancellationToken);
        string sample = await Repository.ReadAsync("samples/RenderReports/Program.cs", TestContext.Current.CancellationToken)
            + await Repository.ReadAsync("samples/RenderReports/RenderReport.cs", TestContext.Current.CancellationToken)
            + await Repository.ReadAsync("tests/integration/Client/ReadmeTests.cs", TestContext.Current.CancellationToken);

        string[] blocks = Markdown.Blocks(readme, "csharp");

        blocks.ShouldNotBeEmpty();
        blocks.ShouldAllBe(block => Normalize(sample).Contains(Normalize(block.Replace($"\"{Address}/\"", "address"))));
    }

    private static void CheckProfile(JsonElement profile)
    {
        JsonElement bad = profile.GetProperty("badRows");
        bad.Number("count").ShouldBe(1);
        bad.GetProperty("first")[0].Number("line").ShouldBe(121);
        profile.Number("rows").ShouldBe(401);
        profile.GetProperty("columns").EnumerateArray().Select(column => (column.Text("name"), column.Text("type"))).ShouldBe(
            [("city", "text"), ("founded", "date"), ("population", "integer"), ("capital", "boolean"), ("updated", "datetime")]);
    }

    /// <summary>The JSON objects in what curl printed: after headers or fields of events, and without a line end between them.</summary>
    private static JsonElement[] Bodies(string output)
    {
        var bodies = new List<JsonElement>();
        ReadOnlySpan<byte> rest = Encoding.UTF8.GetBytes(output);
        while (rest.IndexOf((byte)'{') is var start and >= 0)
        {
            var reader = new Utf8JsonReader(rest[start..], isFinalBlock: true, default);
            bodies.Add(JsonElement.ParseValue(ref reader));
            rest = rest[(start + (int)reader.BytesConsumed)..];
        }

        return [.. bodies];
    }

    private static string Normalize(string code) => Space().Replace(code, " ").Trim();

    [GeneratedRegex("<!-- tour -->.*<!-- /tour -->", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tour();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Space();
}
