using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sql;

/// <summary>
/// Subscriptions, within the writing session. All are kept in memory, so the end of an operation finds those that it concerns without a query for them, and in
/// its own transaction. Where others write too, one number tells whether the memory still holds: it is read once in a transaction, and counting it up is the lock
/// of all who change a subscription.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly SqlSession _session;
    private readonly Dictionary<string, Subscription> _all = [];
    private readonly Dictionary<string, Dictionary<string, Subscription>> _byOwner = [];
    private long _revision = -1;
    private bool _isFresh;

    public SubscriptionTable(SqlSession session)
    {
        _session = session;
        if (!session.Dialect.IsShared)
        {
            Load();
        }
    }

    public bool WantsChanges => _all.Values.Any(subscription => subscription.EveryChange);

    public IEnumerable<Subscription> All => Fresh().Values;

    public Subscription? Find(string id) => Fresh().GetValueOrDefault(id);

    public IReadOnlyCollection<Subscription> Of(string owner) => Fresh().Count > 0 && _byOwner.TryGetValue(owner, out Dictionary<string, Subscription>? own) ? own.Values : [];

    /// <summary>To be called before a subscription is looked at in order to change it: from here to the commit nobody else does.</summary>
    public void Lock()
    {
        if (_session.Dialect.IsShared)
        {
            _session.Statement("UPDATE subscription_revision SET revision = revision + 1").Execute();
            Refresh(known: _revision + 1);
        }
    }

    public void Put(Subscription subscription)
    {
        SubscriptionRow.Bind(_session.Statement(SubscriptionRow.Put(_session.Dialect)), subscription).Execute();
        _all[subscription.Id] = subscription;
        OfOwner(subscription.Owner)[subscription.Id] = subscription;
    }

    public bool Remove(string owner, string id)
    {
        if (Find(id) is not { } subscription || subscription.Owner != owner)
        {
            return false;
        }

        _session.Statement("DELETE FROM subscriptions WHERE id = ?1").Bind(id).Execute();
        _all.Remove(id);
        OfOwner(owner).Remove(id);
        return true;
    }

    /// <summary>A new transaction sees what others have committed.</summary>
    public void Begin() => _isFresh = !_session.Dialect.IsShared;

    private Dictionary<string, Subscription> Fresh()
    {
        if (!_isFresh)
        {
            Refresh(known: _revision);
        }

        return _all;
    }

    private void Refresh(long known)
    {
        long revision = _session.Statement("SELECT revision FROM subscription_revision").Query(row => row.Number(0))[0];
        if (revision != known)
        {
            Load();
        }

        _revision = revision;
        _isFresh = true;
    }

    private void Load()
    {
        _all.Clear();
        _byOwner.Clear();
        foreach (Subscription subscription in _session.Statement($"SELECT {SubscriptionRow.Columns} FROM subscriptions").Query(SubscriptionRow.Read))
        {
            _all.Add(subscription.Id, subscription);
            OfOwner(subscription.Owner).Add(subscription.Id, subscription);
        }
    }

    private Dictionary<string, Subscription> OfOwner(string owner)
    {
        if (!_byOwner.TryGetValue(owner, out Dictionary<string, Subscription>? own))
        {
            _byOwner.Add(owner, own = []);
        }

        return own;
    }
}
