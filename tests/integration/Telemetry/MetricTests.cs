using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Telemetry;

/// <summary>The meter as a listener in the same process reads it.</summary>
public sealed class MetricTests
{
    [Fact]
    public async Task Operations_OfAllKinds_AreCountedByTypeAndState()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(new() { ["Operations:demo.steps:RetryDelays:0"] = "00:00:00.01" });
        using var figures = new Figures(server);

        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failTimes = 2 });
        await server.Client.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1 });
        Answer waiting = await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1H");
        await server.Client.PostAsync((await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1H")).Uri + "/cancel");

        waiting.ShouldBe(202);
        figures.Sum("realtimeops.operations.accepted", "demo.steps").ShouldBe(3);
        figures.Sum("realtimeops.operations.accepted", "test.script").ShouldBe(2);
        figures.Sum("realtimeops.operations.retried", "demo.steps").ShouldBe(2);
        figures.Sum("realtimeops.operations.ended", "demo.steps", "succeeded").ShouldBe(2);
        figures.Sum("realtimeops.operations.ended", "demo.steps", "failed").ShouldBe(1);
        figures.Sum("realtimeops.operations.ended", "test.script", "canceled").ShouldBe(1);
        figures.Count("realtimeops.operation.queue.duration", "demo.steps").ShouldBe(5);
        figures.Count("realtimeops.store.commit.duration").ShouldBeGreaterThan(5);
        figures.Sum("realtimeops.store.batch.size").ShouldBeGreaterThan(10);
        await figures.ObserveAsync("realtimeops.operations.unfinished");
        figures.Last("realtimeops.operations.unfinished", "test.script", "queued").ShouldBe(1);
        figures.Last("realtimeops.operations.lag", "test.script").ShouldBe(0);
    }

    [Fact]
    public async Task Watchers_OfEachTransport_AreCountedWhileTheyWait()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        using var figures = new Figures(server);
        string uri = (await server.Client.SubmitAsync(Inputs.Script, Inputs.Empty, "?delay=PT1H")).Uri;

        using (HttpResponseMessage events = await server.Client.OpenAsync(HttpMethod.Get, uri, null, ("Accept", "text/event-stream")))
        using (HttpResponseMessage lines = await server.Client.OpenAsync(HttpMethod.Get, uri, null, ("Accept", "application/jsonl")))
        {
            using HubClient hub = await HubClient.ConnectAsync(server.Client.Address);
            await hub.StreamAsync("Watch", uri, null);
            (await hub.NextItemAsync()).ShouldNotBeNull();
            figures.Observe();
            foreach (string transport in (string[])["eventStream", "jsonLines", "signalR"])
            {
                figures.Last("realtimeops.watchers", transport).ShouldBe(1, transport);
            }

            figures.Last("realtimeops.watchers", "longPoll").ShouldBe(0);
        }
    }

    /// <summary>What one server's meter tells.</summary>
    private sealed class Figures : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Name, double Value, string Labels)> _measured = new();

        public Figures(GatewayServer server)
        {
            var meters = server.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Other servers run in this process, with meters of the same name.
                if (instrument.Meter.Name == "RealtimeOps" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public void Observe() => _listener.RecordObservableInstruments();

        /// <summary>While a look into the store takes long, nothing is told of it.</summary>
        public async Task ObserveAsync(string name)
        {
            long start = TimeProvider.System.GetTimestamp();
            while (Count(name) == 0)
            {
                Limits.ThrowIfPast(start);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
                Observe();
            }
        }

        public double Sum(string name, params string[] labels) => Of(name, labels).Sum();

        public int Count(string name, params string[] labels) => Of(name, labels).Count();

        public double Last(string name, params string[] labels) => Of(name, labels).Last();

        public void Dispose() => _listener.Dispose();

        private IEnumerable<double> Of(string name, string[] labels) =>
            _measured.Where(measured => measured.Name == name && measured.Labels.StartsWith(string.Join(',', labels), StringComparison.Ordinal)).Select(measured => measured.Value);

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = new List<string>();
            foreach ((string _, object? label) in tags)
            {
                labels.Add($"{label}");
            }

            _measured.Enqueue((instrument.Name, value, string.Join(',', labels)));
        }
    }
}
