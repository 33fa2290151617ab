using System.ComponentModel.DataAnnotations;

namespace RealtimeOps.Hosting;

/// <summary>How much a mailbox holds, and for how long; configuration section <c>Mailboxes</c>.</summary>
public sealed class MailboxOptions
{
    /// <summary>A submission that names a mailbox with so many unacknowledged messages is refused. Messages of what was accepted before always go in.</summary>
    /// <value>Default 10,000.</value>
    [Range(1, 100_000)]
    public int Capacity { get; set; } = 10_000;

    /// <summary>A message that nobody has acknowledged for so long leaves its mailbox and is dead.</summary>
    /// <value>Default 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(7);
}
