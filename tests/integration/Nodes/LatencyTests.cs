using System.Globalization;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Nodes;

[Collection(Alone.Name)]
public sealed class LatencyTests(ITestOutputHelper output)
{
    /// <summary>The promise is 50 ms for 99 of 100; a busy machine is given more, but for no more than half of them.</summary>
    private const double Promised = 50;

    /// <summary>It may be busy all the time of one try.</summary>
    private const int Tries = 3;

    [Fact]
    public async Task EventStream_OnAnotherNode_IsAFewMillisecondsBehind()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        double best = double.MaxValue;
        for (int i = 0; i < Tries && best >= Promised; i++)
        {
            best = Math.Min(best, await MedianAsync(nodes));
        }

        best.ShouldBeLessThan(Promised);
    }

    /// <summary>How many milliseconds old a snapshot is.</summary>
    private async Task<double> MedianAsync(TwoNodes nodes)
    {
        string path = TwoNodes.Path((await nodes.One.Client.SubmitAsync(Inputs.Demo, new { steps = 300, stepMs = 20, stamp = true })).Uri);
        await using EventStream stream = await nodes.Other.Client.WatchAsync(path);
        var ages = new List<double>();
        while (await stream.NextStatusAsync() is { } status)
        {
            if (status.Text("activity") is ['@', ..] stamp)
            {
                double now = TimeProvider.System.GetTimestamp() * (1e9 / TimeProvider.System.TimestampFrequency);
                ages.Add((now - double.Parse(stamp[(stamp.IndexOf('.') + 1)..], CultureInfo.InvariantCulture)) / 1e6);
            }
        }

        ages.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ages.Count} snapshots; ms behind: p50 {ages[ages.Count / 2]:0.0}, p99 {ages[ages.Count * 99 / 100]:0.0}, max {ages[^1]:0.0}"));
        ages.Count.ShouldBeGreaterThan(50);
        return ages[ages.Count / 2];
    }
}
