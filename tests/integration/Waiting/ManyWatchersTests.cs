using System.Net.ServerSentEvents;
using System.Text.Json;
using RealtimeOps.Execution;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

/// <summary>A thousand readers of one operation, who come while it reports without pause.</summary>
[Collection(Alone.Name)]
public sealed class ManyWatchersTests(ITestOutputHelper output)
{
    private const int Watchers = 1_000;

    [Fact]
    public async Task Watch_ByAThousandWhileTheHandlerReportsWithoutPause_EachSeesRisingVersionsAndTheEnd()
    {
        var allAttached = new Signal();
        long reports = 0;
        await using GatewayServer server = await GatewayServer.StartAsync(script: async (_, context, cancellation) =>
        {
            for (; !allAttached.IsSet; reports++)
            {
                context.Report((int)(reports % 150), "Busy.");
                context.Report(150.0, "Too much.");
                if (reports % 1_000 == 0)
                {
                    // A handler that never waits would keep one of two cores from those who are measured here.
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
                }
            }

            return OperationResult.None;
        });
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        int attached = 0;

        List<(long Version, long Progress)>[] all = await Task.WhenAll(Enumerable.Range(0, Watchers).Select(async _ =>
        {
            await using EventStream stream = await server.Client.WatchAsync(uri);
            var seen = new List<(long, long)>();
            while (await stream.NextAsync() is { } item)
            {
                if (item.EventType != SseParser.EventTypeDefault)
                {
                    continue;
                }

                JsonElement status = JsonDocument.Parse(item.Data).RootElement;
                stream.LastEventId.ShouldBe(status.Number("version").ToString());
                seen.Add((status.Number("version")!.Value, status.Number("progress")!.Value));
                if (seen.Count == 2 && Interlocked.Increment(ref attached) == Watchers)
                {
                    allAttached.Set();
                }
            }

            return seen;
        }));

        output.WriteLine($"{reports:N0} times two reports, {all.Sum(seen => seen.Count):N0} events.");
        foreach (List<(long Version, long Progress)> seen in all)
        {
            seen.Zip(seen.Skip(1)).ShouldAllBe(pair => pair.First.Version < pair.Second.Version && pair.First.Progress <= pair.Second.Progress);
            seen.SkipLast(1).ShouldAllBe(status => status.Progress < 100);
            seen[^1].Progress.ShouldBe(100);
        }

        all.Select(seen => seen[^1]).Distinct().ShouldHaveSingleItem("All see the same end.");
    }
}
