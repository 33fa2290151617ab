using System.Threading.Channels;

namespace RealtimeOps.Webhooks;

/// <summary>
/// Tells the sender that a lane has something, or will have; or, of a mailbox, those who wait there. A signal that is lost is made up for at the next
/// start: the store is the truth.
/// </summary>
internal sealed class DeliverySignal(MailboxSignal mailboxes)
{
    private readonly Channel<LaneDue> _lanes = Channel.CreateUnbounded<LaneDue>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelReader<LaneDue> Lanes => _lanes.Reader;

    public void Raise(string lane, DateTimeOffset dueAt)
    {
        if (WebhookTarget.MailboxOf(lane) is { } mailbox)
        {
            mailboxes.Raise(mailbox);
        }
        else
        {
            _lanes.Writer.TryWrite(new LaneDue(lane, dueAt));
        }
    }

    /// <summary>There may be something anywhere.</summary>
    public void RaiseAll() => _lanes.Writer.TryWrite(new LaneDue("", DateTimeOffset.MinValue));
}
