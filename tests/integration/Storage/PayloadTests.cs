using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Storage;

/// <summary>Payloads above 256 KiB are kept beside their rows; nobody outside sees a difference.</summary>
public sealed class PayloadTests
{
    private const int InRow = 256 * 1024;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(InRow)]
    [InlineData(InRow + 1)]
    [InlineData(3_000_000)]
    public async Task Result_OfAnySize_ComesBackByteForByte(int length)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(length);
        await using GatewayServer server = await GatewayServer.StartAsync(script: (_, _, _) => Task.FromResult(OperationResult.OfBytes("application/octet-stream", bytes)));
        string result = (await server.Client.RunAsync(Inputs.Script, Inputs.Empty)).Text("result")!;

        (await server.Client.GetAsync(result)).ShouldBe(200).Body.ShouldBe(bytes);

        await Database.WaitForPayloadsAsync(server, length > InRow ? 1 : 0);
        await server.RestartAsync();
        (await server.Client.GetAsync(result)).ShouldBe(200).Body.ShouldBe(bytes);
        if (length > 10)
        {
            (await server.Client.GetAsync(result, ("Range", $"bytes={length - 10}-"))).ShouldBe(206).Body.ShouldBe(bytes[^10..]);
        }
    }

    [Fact]
    public async Task Result_Streamed_ComesBackByteForByte()
    {
        byte[] block = RandomNumberGenerator.GetBytes(70_000);
        await using GatewayServer server = await GatewayServer.StartAsync(script: (_, _, _) => Task.FromResult(OperationResult.OfStream("application/x-blocks", async (stream, cancellation) =>
        {
            for (int i = 0; i < 20; i++)
            {
                await stream.WriteAsync(block, cancellation);
            }
        })));
        string result = (await server.Client.RunAsync(Inputs.Script, Inputs.Empty)).Text("result")!;

        Answer answer = (await server.Client.GetAsync(result)).ShouldBe(200);

        answer["Content-Type"].ShouldBe("application/x-blocks");
        answer.Body.ShouldBe([.. Enumerable.Repeat(block, 20).SelectMany(bytes => bytes)]);
    }

    [Fact]
    public async Task Input_Large_ComesBackByteForByteAndReachesTheHandler()
    {
        string text = new('ä', 200_000);
        string? seen = null;
        await using GatewayServer server = await GatewayServer.StartAsync(script: (input, _, _) =>
        {
            seen = input.Text;
            return Task.FromResult(OperationResult.None);
        });
        string body = $"{{\"text\":\"{text}\"}}";
        JsonElement end = await server.Client.RunAsync(Inputs.Script, body);

        seen.ShouldBe(text);
        (await server.Client.GetAsync(end.Text("uri") + "/input")).Body.ShouldBe(Encoding.UTF8.GetBytes(body));
        await Database.WaitForPayloadsAsync(server, 1);
    }

    [Fact]
    public async Task Upload_Aborted_LeavesNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        string answer = await RawHttp.SendAsync(server.Client.Address, """
            POST /operations/csv.profile HTTP/1.1
            Host: localhost
            Content-Type: text/csv
            Transfer-Encoding: chunked
            Connection: close

            5
            a,b

            zz not a chunk size
            """);

        answer.ShouldStartWith("HTTP/1.1 400");
        (await server.Client.GetAsync("/operations")).Json.GetProperty("operations").GetArrayLength().ShouldBe(0);
        await Database.WaitForPayloadsAsync(server, 0);
    }

    [Fact]
    public async Task Put_LargeDuplicate_KeepsOneFile()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        byte[] csv = Inputs.CsvOf(400_000);
        for (int i = 0; i < 3; i++)
        {
            (await server.Client.SendAsync(HttpMethod.Put, "/operations/csv.profile/one", GatewayClient.Body(csv, "text/csv"))).Code.ShouldBeOneOf(200, 202);
        }

        await Database.WaitForPayloadsAsync(server, 1);
    }

    [Fact]
    public async Task Post_StreamedInputLongerThanTheTypesLimit_Is413AndLeavesNothing()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:csv.profile:MaxInputLength"] = "300000" });
        byte[] csv = Inputs.CsvOf(400_000);

        (await server.Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(csv, "text/csv"))).ShouldBeProblem(413);
        (await server.Client.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body(csv, "text/csv"), ("Transfer-Encoding", "chunked")))
            .ShouldBeProblem(413).Json.Text("detail")!.ShouldContain("300000 bytes that this operation type accepts (Operations:csv.profile:MaxInputLength)");

        await Database.WaitForPayloadsAsync(server, 0);
    }
}
