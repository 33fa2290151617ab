using RealtimeOps.Feed;

namespace RealtimeOps.Webhooks;

/// <summary>Wakes those who wait at a mailbox. It carries no messages: whoever is woken asks the store, which gives each to one of them.</summary>
internal sealed class MailboxSignal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, HashSet<MailboxWatch>> _watches = [];
    private readonly FeedLink _link;
    private readonly TimeProvider _time;

    public MailboxSignal(FeedLink link, TimeProvider time)
    {
        _link = link;
        _time = time;
        link.OnMailboxChanged = mailbox => Wake(mailbox, _ => true);
    }

    /// <summary>Begins to wait; look into the mailbox afterwards, so that nothing comes unnoticed.</summary>
    public MailboxWatch Watch(string mailbox)
    {
        var watch = new MailboxWatch(this, mailbox, _time);
        lock (_gate)
        {
            if (!_watches.TryGetValue(mailbox, out HashSet<MailboxWatch>? watches))
            {
                _watches.Add(mailbox, watches = []);
            }

            watches.Add(watch);
        }

        return watch;
    }

    /// <summary>Something has come in.</summary>
    public void Raise(string mailbox)
    {
        Wake(mailbox, _ => true);
        _link.Tell(new FeedMessage.Mailbox(mailbox));
    }

    /// <summary>Something may have come in anywhere.</summary>
    public void RaiseAll()
    {
        lock (_gate)
        {
            foreach (MailboxWatch watch in _watches.Values.SelectMany(watches => watches))
            {
                watch.Wake();
            }
        }
    }

    /// <summary>Something was acknowledged.</summary>
    public void RaiseAcknowledged(string mailbox)
    {
        Wake(mailbox, watch => watch.AwaitsRoom);
        _link.Tell(new FeedMessage.Mailbox(mailbox));
    }

    internal void Remove(MailboxWatch watch)
    {
        lock (_gate)
        {
            if (_watches.TryGetValue(watch.Mailbox, out HashSet<MailboxWatch>? watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _watches.Remove(watch.Mailbox);
            }
        }
    }

    private void Wake(string mailbox, Func<MailboxWatch, bool> isMeant)
    {
        lock (_gate)
        {
            if (!_watches.TryGetValue(mailbox, out HashSet<MailboxWatch>? watches))
            {
                return;
            }

            foreach (MailboxWatch watch in watches.Where(isMeant))
            {
                watch.Wake();
            }
        }
    }
}
