using System.Globalization;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>Five thousand watchers of operations that do not move: what they cost, that they do not disturb, and that they come to a good end.</summary>
[Collection(Alone.Name)]
public sealed class IdleStreamsTests(ITestOutputHelper output) : IDisposable
{
    private const int Wanted = 5_000;
    private const int Operations = 10;
    private const int FilesBeside = 1_000;
    private const int SpareFiles = 100;
    private const int BusySteps = 150;
    private const int Rounds = 5;

    /// <summary>docs/performance.md measures 16 KiB; the rest is what a heap that has just grown has not given back.</summary>
    private const long MostPerStream = 48 * 1024;

    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _data = new();
    private readonly TimeProvider _time = TimeProvider.System;

    public void Dispose() => _data.Dispose();

    [Fact(Timeout = 600_000)]
    public async Task Server_FiveThousandIdleStreams_StaysLightAndQuickAndLetsThemGo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The memory and files of a process are read from /proc.");
        int count = Math.Min(Wanted, MostFiles() - FilesBeside);
        await using ServerProcess server = await ServerProcess.StartAsync(_data.Path);
        Uri[] idle = await Task.WhenAll(Enumerable.Range(0, Operations).Select(async _ => new Uri((await server.Client.SubmitAsync(Inputs.Demo, new { steps = 1, stepMs = 86_000_000 })).Uri)));
        Array.ForEach(await OpenAsync(idle, Operations), stream => stream.Dispose());
        (long memoryBefore, int filesBefore) = (Memory(server), Files(server));

        IdleStream[] first = await OpenAsync(idle, count);
        long opened = _time.GetTimestamp();
        long perStream = (Memory(server) - memoryBefore) / count;
        TimeSpan[] ages = await WatchBusyAsync(server.Client);
        await Task.WhenAll(first.Select(stream => stream.Heartbeat)).WaitAsync(HeartbeatInterval + Limits.Limit, TestContext.Current.CancellationToken);
        TimeSpan heard = _time.GetElapsedTime(opened);
        output.WriteLine($"{count} streams{(count < Wanted ? $" instead of {Wanted}, since this process may open no more files" : "")}: {perStream / 1024.0:0.0} KiB each; a busy operation's progress was {ages[ages.Length / 2].TotalMilliseconds:0.0} ms old at the median, {ages[^1].TotalMilliseconds:0.0} ms at most; all had heard a heartbeat after {heard.TotalSeconds:0.0} s.");
        perStream.ShouldBeLessThan(MostPerStream);
        ages[ages.Length / 2].ShouldBeLessThan(TimeSpan.FromMilliseconds(500));
        heard.ShouldBeLessThan(HeartbeatInterval + TimeSpan.FromSeconds(9));
        first.ShouldAllBe(stream => !stream.Ended.IsCompleted);

        long full = Memory(server);
        IdleStream[] last = first;
        for (int round = 0; round < Rounds; round++)
        {
            Array.ForEach(last, stream => stream.Dispose());
            await FilesAsync(server, filesBefore + SpareFiles);
            last = await OpenAsync(idle, count);
        }

        long kept = (Memory(server) - full) / count;
        output.WriteLine($"After {Rounds} times as many that have gone: {kept / 1024.0:0.0} KiB more.");
        kept.ShouldBeLessThan(MostPerStream, "What the first ones cost is used again.");

        long start = _time.GetTimestamp();
        (await server.StopAsync()).ShouldBe(0, server.Output);
        TimeSpan took = _time.GetElapsedTime(start);
        await Task.WhenAll(last.Select(stream => stream.Ended)).Limited();
        output.WriteLine($"The shut-down took {took.TotalSeconds:0.0} s.");
        took.ShouldBeLessThan(ShutdownTime);
        last.Count(stream => !stream.IsWhole).ShouldBe(0, "Each ends on a whole event.");
        server.Output.ShouldNotContain(" ERR]");
        Array.ForEach(last, stream => stream.Dispose());
    }

    private static async Task<IdleStream[]> OpenAsync(Uri[] uris, int count)
    {
        var streams = new IdleStream[count];
        await Parallel.ForAsync(0, count, TestContext.Current.CancellationToken, async (number, _) => streams[number] = await IdleStream.OpenAsync(uris[number % uris.Length]));
        await Task.WhenAll(streams.Select(stream => stream.First)).Limited();
        return streams;
    }

    /// <summary>How old the snapshots of an operation that moves are when they are read, the youngest first; and its stream ends, for good.</summary>
    private async Task<TimeSpan[]> WatchBusyAsync(GatewayClient client)
    {
        string uri = (await client.SubmitAsync(Inputs.Demo, new { steps = BusySteps, stepMs = 50, stamp = true })).Uri;
        await using EventStream stream = await client.WatchAsync(uri);
        var ages = new List<TimeSpan>();
        while (await stream.NextStatusAsync() is { } status)
        {
            if (status.Text("activity")?.Split('.') is [_, var reported])
            {
                ages.Add(_time.GetElapsedTime((long)(long.Parse(reported, CultureInfo.InvariantCulture) * (_time.TimestampFrequency / 1e9))));
            }
        }

        ages.Count.ShouldBeGreaterThan(BusySteps / 2);
        (await client.GetAsync(uri, ("Accept", "text/event-stream"), ("Last-Event-ID", stream.LastEventId))).ShouldBe(204);
        return [.. ages.Order()];
    }

    /// <summary>Waits until the server has closed what nobody uses.</summary>
    private static async Task FilesAsync(ServerProcess server, int most)
    {
        using var limit = new CancellationTokenSource(Limits.Limit);
        while (Files(server) > most)
        {
            limit.IsCancellationRequested.ShouldBeFalse($"{Files(server)} files are open.");
            await server.Client.GetAsync("/health/live");
        }
    }

    private static int Files(ServerProcess server) => Directory.GetFileSystemEntries($"/proc/{server.Id}/fd").Length;

    private static long Memory(ServerProcess server) => Number(File.ReadLines($"/proc/{server.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)), at: 1) * 1024;

    private static int MostFiles() => (int)Math.Min(int.MaxValue, Number(File.ReadLines("/proc/self/limits").Single(line => line.StartsWith("Max open files", StringComparison.Ordinal)).Replace("unlimited", "1000000", StringComparison.Ordinal), at: 3));

    private static long Number(string line, int at) => long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[at], CultureInfo.InvariantCulture);
}
