using System.Globalization;
using Serilog;
using Serilog.Configuration;
using Serilog.Formatting.Json;

namespace RealtimeOps.Api;

/// <summary>Serilog from the first line: a small logger until the configuration is read, then the configured one.</summary>
internal static class Logging
{
    private const string Format = "Log:Format";
    private const string Template = "Log:Template";
    private const string DefaultTemplate = "[{Timestamp:HH:mm:ss} {Level:u3}] {Message:lj}{NewLine}{Exception}";

    public static Serilog.ILogger Bootstrap() => Text(new LoggerConfiguration().WriteTo, template: null).CreateLogger();

    public static void AddLogging(this WebApplicationBuilder builder)
    {
        Log.Logger = Console(builder.Configuration, new LoggerConfiguration().WriteTo)
            .ReadFrom.Configuration(builder.Configuration)
            // The reason is told in a sentence of its own, without a stack trace.
            .Filter.ByExcluding(entry => entry.MessageTemplate.Text == "Hosting failed to start")
            .CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Log.Logger);
    }

    private static LoggerConfiguration Console(IConfiguration configuration, LoggerSinkConfiguration writeTo) => configuration[Format] switch
    {
        null or "text" => Text(writeTo, configuration[Template]),
        "json" => writeTo.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)),
        { } format => throw new StartupException($"{Format} is '{format}'; it must be text or json."),
    };

    private static LoggerConfiguration Text(LoggerSinkConfiguration writeTo, string? template) =>
        writeTo.Console(outputTemplate: template ?? DefaultTemplate, formatProvider: CultureInfo.InvariantCulture);
}
