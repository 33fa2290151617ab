using System.Globalization;
using Serilog;

namespace RealtimeOps.Api;

/// <summary>Serilog from the first line: a small logger until the configuration is read, then the configured one.</summary>
internal static class Logging
{
    public static Serilog.ILogger Bootstrap() => new LoggerConfiguration().WriteTo.Console(formatProvider: CultureInfo.InvariantCulture).CreateLogger();

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        Log.Logger = new LoggerConfiguration()
            .ReadFrom.Configuration(builder.Configuration)
            // The reason is told in a sentence of its own, without a stack trace.
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == "Hosting failed to start")
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Log.Logger);
    }
}
