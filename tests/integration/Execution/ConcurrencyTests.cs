using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Execution;

public sealed class ConcurrencyTests
{
    [Theory]
    [InlineData("Operations:test.script:Concurrency")]
    [InlineData("Execution:Workers")]
    public async Task Run_MoreThanTheLimit_NeverOverlapMoreThanThat(string setting)
    {
        int running = 0;
        int most = 0;
        var both = new Signal();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { [setting] = "2" }, async (_, _, cancellation) =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (now == 2)
            {
                both.Set();
            }

            await both.WaitAsync(cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellation);
            Interlocked.Decrement(ref running);
            return OperationResult.None;
        });

        Answer[] submitted = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)));
        await Task.WhenAll(submitted.Select(answer => server.Client.WaitForEndAsync(answer.Uri)));

        most.ShouldBe(2);
    }

    [Fact]
    public async Task Run_OneTypeAtATime_StartInTheOrderOfSubmission()
    {
        var order = new List<int>();
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:test.script:Concurrency"] = "1" }, (input, _, _) =>
        {
            order.Add(input.Number!.Value);
            return Task.FromResult(OperationResult.None);
        });
        string last = "";
        for (int number = 0; number < 10; number++)
        {
            last = (await server.Client.SubmitAsync(Inputs.Script, new { number })).Uri;
        }

        await server.Client.WaitForEndAsync(last);

        order.ShouldBe(Enumerable.Range(0, 10));
    }

    [Fact]
    public async Task Run_QueueOfItsOwn_IsNotHeldUpByAnother()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Execution:Workers"] = "1", ["Operations:test.script:Queue"] = "fast" });
        string slow = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri;
        await server.Client.WaitForStateAsync(slow, "running");
        string behind = (await server.Client.SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;

        await server.Client.RunAsync(Inputs.Script, Inputs.Empty);

        (await server.Client.GetAsync(behind)).Json.Text("state").ShouldBe("queued");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
