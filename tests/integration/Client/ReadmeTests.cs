using RealtimeOps.Client;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Client;

/// <summary>What the README shows of the client, but for the address; another test compares it with this.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task FromCSharp_AsPrinted_GetsTheAnswer()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        (await PrintedAsync(server.Client.Address.ToString()).Limited()).ShouldBe(42);
    }

#pragma warning disable xUnit1051 // A reader of the README has no token of a test.
    private static async Task<int> PrintedAsync(string address)
    {
        var client = new RealtimeOpsClient(new HttpClient { BaseAddress = new Uri(address) });

        OperationHandle operation = await client.SubmitAsync("demo.steps", new { steps = 10, stepMs = 200, result = 42 });
        await foreach (OperationStatus status in operation.WatchAsync())
        {
            Console.WriteLine($"{status.Progress} % {status.Activity}");
        }

        int answer = await operation.GetResultAsync<int>();
        return answer;
    }
#pragma warning restore xUnit1051
}
