using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.Operations;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Execution;

/// <summary>However much one caller has waiting, another's first operation is among the next.</summary>
[Collection(Alone.Name)]
public sealed class FairShareTests
{
    private const int Backlog = 100_000;
    private const int AtOnce = 2_000;

    [Fact]
    public async Task Submit_BehindAnothersHundredThousand_StartsAtOnce()
    {
        await using GatewayServer server = await StartAsync();
        await FillAsync(server, enqueue: true);

        await ShouldStartSoonAsync(server);
    }

    [Fact]
    public async Task Restart_WithAnothersHundredThousandInTheStore_StartsAtOnce()
    {
        await using GatewayServer server = await StartAsync();
        await FillAsync(server, enqueue: false);
        using (GatewayClient few = server.ClientWith(Keys.Of("few")))
        {
            await few.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1S");
        }

        await server.RestartAsync();

        await ShouldStartSoonAsync(server);
        using GatewayClient again = server.ClientWith(Keys.Of("few"));
        string earlier = (await again.GetAsync("/operations?pageSize=2")).ShouldBe(200).Json.GetProperty("operations").EnumerateArray().Last().Text("uri")!;
        (await again.WaitForEndAsync(earlier)).Number("status").ShouldBe(0);
    }

    /// <summary>The sweeper comes by at the start, and then no more while the test lasts.</summary>
    private static Task<GatewayServer> StartAsync() => GatewayServer.StartAsync(
        new Keys().With("many", "submit read").With("few", "submit read").And("Execution:SweepInterval", "00:10:00").Settings(),
        async (input, _, cancellation) =>
        {
            // Work that leaves the processor to others.
            await Task.Delay(TimeSpan.FromMilliseconds(input.Number ?? 0), TimeProvider.System, cancellation);
            return OperationResult.None;
        });

    private static async Task FillAsync(GatewayServer server, bool enqueue)
    {
        var store = server.Services.GetRequiredService<IOperationStore>();
        var engine = server.Services.GetRequiredService<IExecutionEngine>();
        var payloads = server.Services.GetRequiredService<IPayloadStore>();
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(server.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds());
        Payload input = await payloads.StageAsync("application/json", "{\"number\": 5}"u8.ToArray());
        foreach (int[] some in Enumerable.Range(0, Backlog).Chunk(AtOnce))
        {
            AcceptResult[] accepted = await Task.WhenAll(some.Select(number => store.AcceptAsync(Make(number, now), input).AsTask())).Limited();
            foreach (AcceptResult one in enqueue ? accepted : [])
            {
                engine.Enqueue(WaitingOperation.Of(one.Operation));
            }
        }
    }

    private static async Task ShouldStartSoonAsync(GatewayServer server)
    {
        using GatewayClient few = server.ClientWith(Keys.Of("few"));
        (await few.PostAsync("/operations/" + Inputs.Script, Inputs.Empty, ("Prefer", "wait=30"))).ShouldBe(200);

        Database.Scalar(server, $"SELECT count(*) FROM operations WHERE state = {(int)OperationState.Queued}").ShouldBeGreaterThan(Backlog / 2, "The others wait still.");
    }

    private static Operation Make(int number, DateTimeOffset now) => new()
    {
        Key = new OperationKey(Inputs.Script, "n" + number.ToString(CultureInfo.InvariantCulture)),
        Owner = OwnerOf("many"),
        BaseUri = "http://localhost",
        CreatedAt = now,
        UpdatedAt = now,
        DueAt = now,
        Retention = TimeSpan.FromDays(1),
    };

    private static string OwnerOf(string name) => "key:" + name;
}
