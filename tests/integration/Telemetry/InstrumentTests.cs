using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Telemetry;

/// <summary>What is written of the metrics is what there is.</summary>
public sealed partial class InstrumentTests
{
    private static readonly string[] Labels = ["realtimeops_operation_type", "realtimeops_operation_state", "realtimeops_watcher_transport", "realtimeops_webhook_outcome"];

    [Fact]
    public async Task Instruments_OfTheMeter_AreThoseOfTheDocumentation()
    {
        List<Instrument> instruments = await InstrumentsAsync();

        Row().Matches(Documents.Read("docs/monitoring.md")).Select(row => $"{row.Groups["name"].Value} {row.Groups["kind"].Value} {row.Groups["unit"].Value}").Order(StringComparer.Ordinal)
            .ShouldBe(instruments.Select(instrument => $"{instrument.Name} {Kind(instrument)} {instrument.Unit}").Order(StringComparer.Ordinal));
        instruments.ShouldAllBe(instrument => !string.IsNullOrEmpty(instrument.Description));
    }

    [Fact]
    public async Task Dashboard_NamesMetricsThatThereAre()
    {
        List<Instrument> instruments = await InstrumentsAsync();
        using JsonDocument dashboard = JsonDocument.Parse(Documents.Read("docker/grafana/realtimeops.json"));
        string[] expressions = [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .Where(panel => panel.TryGetProperty("targets", out _))
            .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
            .Select(target => target.GetProperty("expr").GetString()!)];

        string[] named = [.. expressions.SelectMany(expression => Metric().Matches(expression)).Select(name => name.Value).Distinct().Except(Labels)];

        named.Except(instruments.SelectMany(PrometheusNames)).ShouldBeEmpty();
        named.Length.ShouldBeGreaterThan(10);
        instruments.Where(instrument => !PrometheusNames(instrument).Intersect(named).Any()).Select(instrument => instrument.Name).ShouldBeEmpty("The dashboard shows all of them.");
    }

    private static async Task<List<Instrument>> InstrumentsAsync()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();
        await server.Client.RunAsync(Inputs.Demo, Inputs.Quick);
        var meters = server.Services.GetRequiredService<IMeterFactory>();
        var instruments = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == "RealtimeOps" && instrument.Meter.Scope == meters)
            {
                instruments.Add(instrument);
            }
        };
        listener.Start();
        return instruments;
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableGauge" => "gauge",
        "ObservableUpDownCounter" => "up-down counter",
        var other => other,
    };

    /// <summary>As Prometheus translates them: dots become underlines, then come the unit, unless it only says what is counted, and the kind.</summary>
    private static IEnumerable<string> PrometheusNames(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "");
        return Kind(instrument) switch
        {
            "counter" => [name + "_total"],
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            _ => [name],
        };
    }

    [GeneratedRegex(@"^\| `(?<name>realtimeops[a-z.]+)` \| (?<kind>[a-z -]+), `(?<unit>[^`]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();

    [GeneratedRegex(@"realtimeops_[a-z_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();
}
