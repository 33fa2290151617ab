using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using RealtimeOps.Watch;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Waiting;

/// <summary>Readers who take nothing, or little, beside healthy ones.</summary>
[Collection(Alone.Name)]
public sealed partial class StalledReaderTests(ITestOutputHelper output)
{
    private const int Healthy = 4;
    private const int Measured = 250;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);
    private static readonly string Ballast = new('x', 8_000);

    [Fact]
    public async Task Watch_WhoReadsNothing_IsCutAndDelaysNobody()
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        TimeSpan[] before = await AgesAsync(server.Client, uri);

        long start = TimeProvider.System.GetTimestamp();
        using RawStream stalled = await RawStream.OpenAsync(new Uri(uri));
        TimeSpan[] beside = await AgesAsync(server.Client, uri);
        await stalled.CutAsync(Limits.Limit);
        TimeSpan lived = TimeProvider.System.GetElapsedTime(start);
        TimeSpan[] after = await AgesAsync(server.Client, uri);

        output.WriteLine($"Age of a snapshot, median and 95 %: {Describe(before)} before, {Describe(beside)} beside the stalled one, who lived {lived.TotalSeconds:0.0} s, {Describe(after)} after.");
        // Who waited for the stalled one would wait until it is cut.
        At(beside, 0.5).ShouldBeLessThan(Deadline / 4);
        At(beside, 0.95).ShouldBeLessThan(Deadline);
        lived.ShouldBeGreaterThan(Deadline);
        await ForgottenAsync(server);
        (await server.Client.GetAsync(uri)).ShouldBe(202);
    }

    [Fact]
    public async Task Follow_WhoReadsNothing_IsCut()
    {
        await using GatewayServer server = await StartAsync();
        await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty);

        using RawStream stalled = await RawStream.OpenAsync(new Uri(server.Client.Address, "/operations"));

        await stalled.CutAsync(Limits.Limit);
        await ForgottenAsync(server);
    }

    [Fact]
    public async Task Watch_WhoReadsSlowly_IsNotCutAndGetsNoBacklog()
    {
        await using GatewayServer server = await StartAsync();
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty)).Uri;
        using RawStream slow = await RawStream.OpenAsync(new Uri(uri), receiveBuffer: 65_536);
        byte[] little = new byte[32_000];
        var text = new StringBuilder();
        long start = TimeProvider.System.GetTimestamp();

        while (TimeProvider.System.GetElapsedTime(start) < Deadline * 3)
        {
            int length = await slow.ReadAsync(little);
            length.ShouldBePositive();
            text.Append(Encoding.ASCII.GetString(little, 0, length));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        TimeSpan age = TimeProvider.System.GetElapsedTime(long.Parse(Activity().Matches(text.ToString())[^1].Groups["clock"].Value, CultureInfo.InvariantCulture));
        output.WriteLine($"What it read last was {age.TotalSeconds:0.0} s old.");
        age.ShouldBeLessThan(Deadline * 2, "Far more than it can take was offered.");
    }

    /// <summary>A server whose operation shows some KB five hundred times a second, each with the clock in it.</summary>
    private static Task<GatewayServer> StartAsync() => GatewayServer.StartAsync(
        new() { ["Streams:WriteDeadline"] = Deadline.ToString() },
        async (_, context, cancellation) =>
        {
            while (true)
            {
                context.Report(1.0, TimeProvider.System.GetTimestamp().ToString(CultureInfo.InvariantCulture) + " " + Ballast);
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellation);
            }
        });

    /// <summary>The server keeps nothing of streams that are over.</summary>
    private static async Task ForgottenAsync(GatewayServer server)
    {
        var open = server.Services.GetRequiredService<OpenStreams>();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limits.Limit);
        while (open.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>How old the snapshots are that healthy readers get.</summary>
    private static async Task<TimeSpan[]> AgesAsync(GatewayClient client, string uri)
    {
        TimeSpan[][] ages = await Task.WhenAll(Enumerable.Range(0, Healthy).Select(async _ =>
        {
            var all = new List<TimeSpan>();
            await using EventStream stream = await client.WatchAsync(uri);
            while (all.Count < Measured)
            {
                JsonElement status = (await stream.NextStatusAsync())!.Value;
                if (status.Text("activity") is { } activity)
                {
                    all.Add(TimeProvider.System.GetElapsedTime(long.Parse(activity.AsSpan(0, activity.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture)));
                }
            }

            return all.ToArray();
        }));
        return [.. ages.SelectMany(one => one).Order()];
    }

    private static TimeSpan At(TimeSpan[] ordered, double share) => ordered[(int)(ordered.Length * share)];

    [GeneratedRegex("\"activity\":\"(?<clock>[0-9]+) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Activity();

    private static string Describe(TimeSpan[] ordered) => FormattableString.Invariant($"{At(ordered, 0.5).TotalMilliseconds:0.0} and {At(ordered, 0.95).TotalMilliseconds:0.0} ms");
}
