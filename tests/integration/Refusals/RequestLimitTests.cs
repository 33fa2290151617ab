using System.Net.Sockets;
using System.Text;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Refusals;

/// <summary>What a request may be like, in size and in pace.</summary>
public sealed class RequestLimitTests
{
    [Fact]
    public async Task Any_RequestLineTooLong_Is414()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:RequestLine"] = "2048" });

        (await server.Client.GetAsync("/operations?tag.a=" + new string('x', 1900))).ShouldBe(400);
        (await server.Client.GetAsync("/operations?tag.a=" + new string('x', 2100))).ShouldBeProblem(414, "uri-too-long").Json.Text("detail")!.ShouldContain("2048");
    }

    [Fact]
    public async Task Any_HeadersTooLong_Is431()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:Headers"] = "2048" });

        (await server.Client.GetAsync("/operations", ("X-Long", new string('x', 1500)))).ShouldBe(200);
        (await server.Client.GetAsync("/operations", ("X-Long", new string('x', 2100)))).ShouldBeProblem(431, "headers-too-large").Json.Text("detail")!.ShouldContain("2048");
    }

    [Theory]
    [InlineData("GET /operations?x={long} HTTP/1.1\nHost: localhost\n\n", "414")]
    [InlineData("GET /operations HTTP/1.1\nHost: localhost\nX-Long: {long}\n\n", "431")]
    [InlineData("GET /operations HTTP/1.1\nHost: localhost\nno header\n\n", "400")]
    [InlineData("nonsense\n\n", "400")]
    [InlineData("GET /operations HTTP/9.9\nHost: localhost\n\n", "505")]
    public async Task Any_WhatTheServerItselfRefuses_IsABareCodeThatTellsNothing(string request, string code)
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        string answer = await RawHttp.SendAsync(server.Client.Address, request.Replace("{long}", new string('x', 100_000), StringComparison.Ordinal));

        answer.ShouldStartWith($"HTTP/1.1 {code} ");
        answer.ShouldNotContain("Server:", Case.Insensitive);
        answer.ShouldNotContain("Kestrel", Case.Insensitive);
        answer.ShouldEndWith("\r\n\r\n");
    }

    [Fact]
    public async Task Submit_JsonTooDeep_Is400AndSaysHowDeepItMayBe()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:JsonDepth"] = "5" });
        string nested(int depth) => $$"""{"steps": 1, "stepMs": 0, "result": {{new string('[', depth - 1)}}{{new string(']', depth - 1)}}}""";

        (await server.Client.PostAsync("/operations/demo.steps", nested(5))).ShouldBe(202);
        (await server.Client.PostAsync("/operations/demo.steps", nested(6))).ShouldBeProblem(400).Json.GetProperty("errors")[0].Text("detail")!.ShouldContain("deeper than 5 levels");
        (await server.Client.PostAsync("/operations/demo.steps", nested(100_000))).ShouldBeProblem(400).Text.ShouldContain("deeper than 5 levels");
        (await server.Client.PostAsync("/operations/demo.steps", "{\"steps\": [")).ShouldBeProblem(400).Text.ShouldContain("well-formed");
    }

    [Fact]
    public async Task Submit_MoreTagsThanAllowed_Is400()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:Tags"] = "1" });

        (await server.Client.PostAsync("/operations/demo.steps?tag.a=1", Inputs.Quick)).ShouldBe(202);
        (await server.Client.PostAsync("/operations/demo.steps?tag.a=1&tag.b=2", Inputs.Quick)).ShouldBeProblem(400).Json.Text("detail")!.ShouldContain("may have 1 tags (Limits:Tags)");
        (await server.Client.GetAsync("/operations?tag.a=1&tag.b=2")).ShouldBe(200);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosed()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:Connections"] = "1" });
        await using EventStream held = await server.Client.WatchAsync("/operations");

        (await RawHttp.SendAsync(server.Client.Address, "GET /health/live HTTP/1.1\nHost: localhost\nConnection: close\n\n")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_ThatDoNotCome_AreCutWith408()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:HeadersTimeout"] = "00:00:01" });

        (await RawHttp.SendAsync(server.Client.Address, "GET /operations HTTP/1.1\nHost: localhost\nX-Slow: ")).ShouldStartWith("HTTP/1.1 408 ");
    }

    [Fact]
    public async Task Body_ThatDoesNotCome_IsCutWith408AndAcceptsNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:SlowestPace"] = "1000", ["Limits:PaceGrace"] = "00:00:02" });

        string answer = await RawHttp.SendAsync(server.Client.Address, "PUT /operations/csv.profile/slow HTTP/1.1\nHost: localhost\nContent-Type: text/csv\nContent-Length: 100000\n\na,b");

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("urn:realtimeops:request-timeout");
        (await server.Client.GetAsync("/operations/csv.profile/slow")).ShouldBe(404);
    }

    [Fact]
    public async Task Body_SlowButAboveThePace_IsTaken()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Limits:SlowestPace"] = "100", ["Limits:PaceGrace"] = "00:00:02" });
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.Address.Host, server.Client.Address.Port, cancellation);
        NetworkStream stream = client.GetStream();
        byte[] piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1,2\n", 100)));
        const int Pieces = 14;
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"PUT /operations/csv.profile/steady HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: text/csv\r\nContent-Length: {piece.Length * Pieces}\r\n\r\n"), cancellation);
        for (int i = 0; i < Pieces; i++)
        {
            // The pace is what is tested.
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, cancellation);
            await stream.WriteAsync(piece, cancellation);
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        (await reader.ReadToEndAsync(cancellation).Limited()).ShouldStartWith("HTTP/1.1 202 ");
    }
}
