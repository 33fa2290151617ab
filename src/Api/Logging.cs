using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Formatting.Json;

namespace RealtimeOps.Api;

/// <summary>Serilog from the first line: a small logger until the configuration is read, then the configured one.</summary>
internal static class Logging
{
    private const string Format = "Log:Format";

    public static Serilog.ILogger Bootstrap() => Text(new LoggerConfiguration().WriteTo).CreateLogger();

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        Log.Logger = Console(builder.Configuration[Format], new LoggerConfiguration().WriteTo)
            .ReadFrom.Configuration(builder.Configuration)
            // The reason is told in a sentence of its own, without a stack trace.
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == "Hosting failed to start")
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Log.Logger);
    }

    private static LoggerConfiguration Console(string? format, LoggerSinkConfiguration writeTo) => format switch
    {
        null or "text" => Text(writeTo),
        "json" => writeTo.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)),
        _ => throw new StartupException($"{Format} is '{format}'; it must be text or json."),
    };

    private static LoggerConfiguration Text(LoggerSinkConfiguration writeTo) => writeTo.Console(formatProvider: CultureInfo.InvariantCulture);
}
