using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RealtimeOps.Api;

/// <summary>
/// Sends spans and figures by OTLP, as OpenTelemetry's environment variables say; they may stand anywhere in the configuration. What no receiver is named for
/// is not collected, and costs nothing.
/// </summary>
internal static class TelemetryExport
{
    private const string DefaultName = "realtimeops";

    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";

    private static readonly string[] Meters =
        ["RealtimeOps", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Net.Http", "System.Runtime"];

    /// <summary>Before all else that is hosted, so that it sees the first of it and the last.</summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder)
    {
        if (HasReceiver(builder.Configuration, TracesEndpoint) || HasReceiver(builder.Configuration, MetricsEndpoint))
        {
            builder.Services.AddHostedService<Exporter>();
        }
    }

    private static void Configure(IOpenTelemetryBuilder telemetry, IConfiguration configuration)
    {
        telemetry.Services.AddSingleton(configuration);
        telemetry.ConfigureResource(resource => Name(resource, configuration));
        telemetry.WithTracing(traces => traces.AddSource("RealtimeOps", "Microsoft.AspNetCore", "System.Net.Http"));
        telemetry.WithMetrics(metrics => metrics.AddMeter(Meters));
        telemetry.UseOtlpExporter();

        // That sends everything, to this machine where no receiver is named.
        if (!HasReceiver(configuration, TracesEndpoint))
        {
            telemetry.Services.RemoveAll<TracerProvider>();
        }

        if (!HasReceiver(configuration, MetricsEndpoint))
        {
            telemetry.Services.RemoveAll<MeterProvider>();
        }
    }

    /// <summary>One of its own, or the one for all.</summary>
    private static bool HasReceiver(IConfiguration configuration, string ofItsOwn) =>
        !string.IsNullOrEmpty(configuration[ofItsOwn]) || !string.IsNullOrEmpty(configuration[Endpoint]);

    private static void Name(ResourceBuilder resource, IConfiguration configuration)
    {
        string? name = configuration["OTEL_SERVICE_NAME"];
        string instance = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");
        resource
            .AddService(string.IsNullOrEmpty(name) ? DefaultName : name, serviceVersion: typeof(RealtimeOpsBuilder).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance)
            .AddEnvironmentVariableDetector();
    }

    private sealed class Exporter(IConfiguration configuration) : IHostedService, IDisposable
    {
        private OpenTelemetrySdk? _sdk;

        public Task StartAsync(CancellationToken cancellationToken)
        {
            _sdk = OpenTelemetrySdk.Create(telemetry => Configure(telemetry, configuration));
            return Task.CompletedTask;
        }

        /// <summary>What is left is sent when the container closes it, after all else has stopped.</summary>
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose() => _sdk?.Dispose();
    }
}
