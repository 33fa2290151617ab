using System.Globalization;
using Microsoft.Extensions.Options;
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
        OptionsBuilder<Settings> settings = builder.Services.AddOptions<Settings>()
            .Validate(_ => IsText(builder.Configuration) || IsJson(builder.Configuration), $"{Format} must be one of text, json.")
            .ValidateOnStart();
        LoggerConfiguration console = Console(builder.Configuration, new LoggerConfiguration().WriteTo);
        try
        {
            console.ReadFrom.Configuration(builder.Configuration);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Told with all other faults of the configuration, by what could be set up.
            settings.Validate(_ => false, "Serilog cannot be set up: " + (fault.InnerException ?? fault).Message.Trim());
        }

        // The reason is told in a sentence of its own, without a stack trace.
        Log.Logger = console.Filter.ByExcluding(entry => entry.MessageTemplate.Text == "Hosting failed to start").CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.AddSerilog(Log.Logger);
    }

    private static LoggerConfiguration Console(IConfiguration configuration, LoggerSinkConfiguration writeTo) => IsJson(configuration)
        ? writeTo.Console(new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture))
        : Text(writeTo, configuration[Template]);

    private static bool IsJson(IConfiguration configuration) => "json".Equals(configuration[Format], StringComparison.OrdinalIgnoreCase);

    private static bool IsText(IConfiguration configuration) => "text".Equals(configuration[Format] ?? "text", StringComparison.OrdinalIgnoreCase);

    private static LoggerConfiguration Text(LoggerSinkConfiguration writeTo, string? template) =>
        writeTo.Console(outputTemplate: template ?? DefaultTemplate, formatProvider: CultureInfo.InvariantCulture);

    /// <summary>Stands for the sections Log and Serilog among what is checked at the start.</summary>
    private sealed class Settings;
}
