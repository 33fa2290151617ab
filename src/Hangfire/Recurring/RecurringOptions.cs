using Microsoft.Extensions.Configuration;

namespace RealtimeOps.Hangfire;

/// <summary>An operation that is submitted again and again; configuration section <c>Recurring:NAME</c>.</summary>
public sealed class RecurringOptions
{
    /// <summary>The operation type; one that takes JSON.</summary>
    public string? Type { get; set; }

    /// <summary>The operation's input, in any form.</summary>
    public IConfigurationSection? Input { get; set; }

    /// <summary>When: a cron expression with five fields, or six with seconds first.</summary>
    public string? Cron { get; set; }

    /// <summary>The time zone in which the expression is read, by its IANA name.</summary>
    /// <value>Default <c>UTC</c>.</value>
    public string TimeZone { get; set; } = "UTC";
}
