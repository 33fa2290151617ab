using System.Globalization;
using System.Text;
using System.Text.Json;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests;

public sealed class CsvProfileTests(SharedServer shared) : SharedServerTests(shared)
{
    [Fact]
    public async Task Profile_RealFile_HasTheShapeOfTheContract()
    {
        var csv = new StringBuilder("id;amount;when;name;active\r\n");
        for (int i = 1; i <= 20_000; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{i};{(i % 100 == 0 ? "" : (i / 10.0).ToString(CultureInfo.InvariantCulture))};2026-01-{(i % 28) + 1:00};\"Müller; {i % 7}\";{(i % 2 == 0 ? "true" : "false")}\r\n");
        }

        csv.Append("too;few\r\n");
        byte[] bytes = Encoding.UTF8.GetBytes(csv.ToString());

        Answer submitted = (await Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(bytes, "text/csv"))).ShouldBe(202);
        JsonElement end = await Client.WaitForEndAsync(submitted.Uri);
        Answer result = (await Client.GetAsync(end.Text("result")!)).ShouldBe(200);

        end.Number("status").ShouldBe(0);
        result["Content-Type"].ShouldBe("application/json");
        JsonElement profile = result.Json;
        profile.Number("rows").ShouldBe(20_001);
        profile.Text("delimiter").ShouldBe(";");
        profile.Text("encoding")!.ShouldStartWith("utf-8", Case.Insensitive);
        profile.GetProperty("badRows").Number("count").ShouldBe(1);
        JsonElement bad = profile.GetProperty("badRows").GetProperty("first")[0];
        bad.Number("line").ShouldBe(20_002);
        bad.Text("reason").ShouldNotBeNullOrWhiteSpace();

        JsonElement[] columns = [.. profile.GetProperty("columns").EnumerateArray()];
        columns.Select(column => (column.Text("name"), column.Text("type"))).ShouldBe([("id", "integer"), ("amount", "number"), ("when", "date"), ("name", "text"), ("active", "boolean")]);
        columns[0].GetProperty("min").GetRawText().Trim('"').ShouldBe("1");
        columns[0].GetProperty("max").GetRawText().Trim('"').ShouldBe("20000");
        columns[0].GetProperty("mean").GetDouble().ShouldBe(10_000.5, 0.01);
        columns[0].GetProperty("quantiles").GetProperty("p50").GetDouble().ShouldBe(10_000, 400);
        columns[0].GetProperty("quantiles").EnumerateObject().Select(quantile => quantile.Name).ShouldBe(["p01", "p05", "p25", "p50", "p75", "p95", "p99"]);
        columns[1].Number("empty").ShouldBe(200);
        columns[3].Number("distinct").ShouldBe(7);
        columns[3].GetProperty("distinctEstimated").GetBoolean().ShouldBeFalse();
        columns[3].Has("mean").ShouldBeFalse();
        columns[4].GetProperty("top").EnumerateArray().Sum(top => top.Number("count")).ShouldBe(20_000);
    }

    [Fact]
    public async Task Profile_EmptyFile_IsNoServerFault()
    {
        Answer submitted = await Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body("", "text/csv"));

        submitted.Code.ShouldBeOneOf(202, 400);
        if (submitted.Code == 202)
        {
            JsonElement end = await Client.WaitForEndAsync(submitted.Uri);
            end.Number("status").ShouldNotBe(500);
        }
    }

    [Fact]
    public async Task Profile_Watched_ReportsProgress()
    {
        byte[] csv = Inputs.CsvOf(50_000_000);
        await using EventStream stream = await Client.StreamAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(csv, "text/csv"));

        List<JsonElement> all = await stream.ToEndAsync();

        all[^1].Number("status").ShouldBe(0);
        all.Select(status => status.Number("progress")!.Value).ShouldContain(progress => progress > 0 && progress < 100);
    }
}
