using System.ComponentModel.DataAnnotations;

namespace RealtimeOps.Hosting;

/// <summary>How callbacks are signed, sent and retried; configuration section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Signs every message whose subscription has no secret of its own: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
    /// <value>Default: made at the first start and kept in the data folder, file <c>webhook-secret</c>.</value>
    public string? Secret { get; set; }

    /// <summary>Hosts or CIDRs that may be called beside public https addresses: by http and https, on any port.</summary>
    public IList<string> AllowedTargets { get; } = [];

    /// <summary>The delays before the retries of a message, each ±10 %; after the last one the message is dead.</summary>
    /// <value>Default 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.</value>
    public IList<TimeSpan> RetrySchedule { get; } = [];

    /// <summary>How long one try may take, from looking up the host to the head of the answer.</summary>
    /// <value>Default 15 s.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many messages are on their way at once.</summary>
    /// <value>Default 256.</value>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 256;

    /// <summary>How many of them to one target: the same scheme, host and port. A target that keeps failing gets two.</summary>
    /// <value>Default 16.</value>
    [Range(2, 1000)]
    public int ConcurrencyPerTarget { get; set; } = 16;

    /// <summary>A subscription whose target has failed without a break for so long is switched off.</summary>
    /// <value>Default 5 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How many subscriptions a caller may have.</summary>
    /// <value>Default 1000.</value>
    [Range(1, 100_000)]
    public int SubscriptionsPerCaller { get; set; } = 1000;

    /// <summary>How long a delivered message and its tries can be looked up.</summary>
    /// <value>Default one day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan KeepDelivered { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How long after it was recorded any other message is kept: dead ones, and those that wait for a paused subscription.</summary>
    /// <value>Default 30 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepUndelivered { get; set; } = TimeSpan.FromDays(30);
}
