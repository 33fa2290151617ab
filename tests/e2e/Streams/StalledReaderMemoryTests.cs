using RealtimeOps.E2ETests.Support;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.E2ETests.Streams;

/// <summary>What readers who take nothing cost the server, and that it is rid of them after the default deadline.</summary>
[Collection(Alone.Name)]
public sealed class StalledReaderMemoryTests(ITestOutputHelper output) : IDisposable
{
    private const int Stalled = 200;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What the server may have written before it feels that nobody reads is in the buffers of the system, not in its own. A backlog would be more than ten times as large.</summary>
    private const long MostPerReader = 1_000_000;

    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Readers_WhoTakeNothing_CostLittleAndAreCut()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The memory of a process is read from /proc.");
        await using GatewayProcess server = await GatewayProcess.StartAsync(Repository.Server, _data.Path);

        // Snapshots of 7 KB, two hundred a second.
        string tags = string.Concat(Enumerable.Range(0, 26).Select(number => $"&tag.ballast{number}={new string('x', 250)}"));
        string uri = (await server.Client.SubmitAsync("demo.steps", new { steps = 200_000, stepMs = 5 }, "?ttl=PT1H" + tags)).Uri;
        await using EventStream healthy = await server.Client.WatchAsync(uri);
        await ReadAsync(healthy, 400);
        long before = await server.MemoryAsync();
        long start = TimeProvider.System.GetTimestamp();

        RawStream[] stalled = await Task.WhenAll(Enumerable.Range(0, Stalled).Select(_ => RawStream.OpenAsync(new Uri(uri))));
        long most = 0;
        while (TimeProvider.System.GetElapsedTime(start) < Deadline)
        {
            await ReadAsync(healthy, 100);
            most = Math.Max(most, await server.MemoryAsync());
        }

        foreach (RawStream one in stalled)
        {
            await one.CutAsync(Limits.Limit);
            one.Dispose();
        }

        output.WriteLine(FormattableString.Invariant($"{before / 1e6:0} MB before, {most / 1e6:0} MB with {Stalled} stalled readers: {(most - before) / 1e3 / Stalled:0} KB each. All were cut within {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s."));
        TimeProvider.System.GetElapsedTime(start).ShouldBeGreaterThan(Deadline);
        ((most - before) / Stalled).ShouldBeLessThan(MostPerReader);
        await ReadAsync(healthy, 10);
        (await server.Client.PostAsync(uri + "/cancel")).ShouldBe(202);
        (await healthy.ToEndAsync())[^1].Text("state").ShouldBe("canceled");
        await server.StopAsync();
    }

    private static async Task ReadAsync(EventStream stream, int statuses)
    {
        for (int i = 0; i < statuses; i++)
        {
            (await stream.NextStatusAsync()).ShouldNotBeNull();
        }
    }
}
