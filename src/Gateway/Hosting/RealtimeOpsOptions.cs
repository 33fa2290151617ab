using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RealtimeOps.Hosting;

/// <summary>The gateway's settings, bound from the root of the configuration.</summary>
public sealed class RealtimeOpsOptions
{
    /// <summary>Base of every URI in a Status, such as <c>https://ops.example.com</c>.</summary>
    /// <value>Default: scheme, host and base path of the submitting request.</value>
    public Uri? PublicUrl { get; set; }

    /// <summary>What runs the operations: <c>hangfire</c>, where it is compiled in, or <c>inprocess</c>.</summary>
    /// <value>Default: <c>hangfire</c> where it is compiled in.</value>
    public string? Engine
    {
        get;
        set => field = value?.ToLowerInvariant();
    }

    /// <summary>Section <c>Data</c>.</summary>
    [ValidateObjectMembers]
    public DataOptions Data { get; } = new();

    /// <summary>Section <c>Storage</c>.</summary>
    [ValidateObjectMembers]
    public StorageOptions Storage { get; } = new();

    /// <summary>Section <c>Polling</c>.</summary>
    [ValidateObjectMembers]
    public PollingOptions Polling { get; } = new();

    /// <summary>Section <c>Retention</c>.</summary>
    [ValidateObjectMembers]
    public RetentionOptions Retention { get; } = new();

    /// <summary>Section <c>Limits</c>.</summary>
    [ValidateObjectMembers]
    public LimitOptions Limits { get; } = new();

    /// <summary>Section <c>Streams</c>.</summary>
    [ValidateObjectMembers]
    public StreamOptions Streams { get; } = new();

    /// <summary>Section <c>Cors</c>.</summary>
    [ValidateObjectMembers]
    public CorsOptions Cors { get; } = new();

    /// <summary>Section <c>Proxies</c>.</summary>
    [ValidateObjectMembers]
    public ProxyOptions Proxies { get; } = new();

    /// <summary>Section <c>Webhooks</c>.</summary>
    [ValidateObjectMembers]
    public WebhookOptions Webhooks { get; } = new();

    /// <summary>Section <c>Mailboxes</c>.</summary>
    [ValidateObjectMembers]
    public MailboxOptions Mailboxes { get; } = new();

    /// <summary>Section <c>Security</c>.</summary>
    [ValidateObjectMembers]
    public SecurityOptions Security { get; } = new();

    /// <summary>Section <c>Relay</c>.</summary>
    public RelayOptions Relay { get; } = new();
}

/// <summary>Where the embedded store lives.</summary>
public sealed class DataOptions
{
    /// <summary>Folder of the embedded store and of large payloads; relative to the content root.</summary>
    /// <value>Default <c>data</c>.</value>
    [Required]
    public string Path { get; set; } = "data";

    /// <summary>With fewer bytes left on the disk of <see cref="Path"/>, the server says that it is not ready. It goes on accepting while the store does.</summary>
    /// <value>Default 64 MiB; 0 never says so.</value>
    [Range(0L, long.MaxValue)]
    public long MinimumFree { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Which store keeps the operations.</summary>
public sealed class StorageOptions
{
    /// <summary>The store's kind: <c>sqlite</c>, <c>postgres</c>, or <c>sqlserver</c> where it is compiled in. The last two need <c>ConnectionStrings:RealtimeOps</c>.</summary>
    /// <value>Default <c>sqlite</c>.</value>
    [Required]
    public string Provider
    {
        get;
        set => field = value.ToLowerInvariant();
    } = "sqlite";

    /// <summary>How often a node asks a database that cannot wake it, SQL Server, what other nodes have changed.</summary>
    /// <value>Default 200 ms; 50 ms to 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:10")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(200);
}

/// <summary>How polls are paced.</summary>
public sealed class PollingOptions
{
    /// <summary>What happens to those who poll too often.</summary>
    /// <value>Default <see cref="PollingMode.Allowance"/>.</value>
    [EnumDataType(typeof(PollingMode))]
    public PollingMode Mode { get; set; } = PollingMode.Allowance;

    /// <summary>Plain GETs that a caller may send to one operation in a <see cref="Window"/>.</summary>
    /// <value>Default 30.</value>
    [Range(1, 1_000_000)]
    public int Allowance { get; set; } = 30;

    /// <summary>The time that the allowance is for.</summary>
    /// <value>Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How polls are paced.</summary>
public enum PollingMode
{
    /// <summary>An allowance per caller and operation; past it, 429.</summary>
    Allowance,

    /// <summary>Only suggested, by <c>Retry-After</c>; nobody is refused.</summary>
    Suggest,

    /// <summary>A GET before the time last suggested is refused with 429.</summary>
    Strict,
}

/// <summary>How long operations are kept.</summary>
public sealed class RetentionOptions
{
    /// <summary>After the end of an operation that named no time of its own.</summary>
    /// <value>Default one day.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "3650.00:00:00")]
    public TimeSpan AfterEnd { get; set; } = TimeSpan.FromDays(1);
}

/// <summary>How streams live and end.</summary>
public sealed class StreamOptions
{
    /// <summary>A reader that takes nothing for so long is cut.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteDeadline { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>At shut-down, streams end spread over this time.</summary>
    /// <value>Default 5 s.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Drain { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Which web pages may read.</summary>
public sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://app.example.com</c>; none by default.</summary>
    public IList<string> Origins { get; } = [];
}

/// <summary>Which proxies are believed.</summary>
public sealed class ProxyOptions
{
    /// <summary>CIDRs whose <c>X-Forwarded-*</c> headers count; none by default.</summary>
    public IList<string> Trusted { get; } = [];
}
