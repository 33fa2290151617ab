using RealtimeOps.Webhooks;

namespace RealtimeOps.Storage.Sqlite;

/// <summary>
/// Subscriptions, within the writing session. All are kept in memory: every change of them goes through this one session, so the end of an operation
/// finds those that it concerns without a query, and in its own transaction.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly Func<string, Statement> _statement;
    private readonly Dictionary<string, Subscription> _all;
    private readonly Dictionary<string, Dictionary<string, Subscription>> _byOwner = [];

    public SubscriptionTable(Func<string, Statement> statement)
    {
        _statement = statement;
        _all = statement($"SELECT {SubscriptionRow.Columns} FROM subscriptions").Query(SubscriptionRow.Read).ToDictionary(subscription => subscription.Id);
        foreach (Subscription subscription in _all.Values)
        {
            OfOwner(subscription.Owner).Add(subscription.Id, subscription);
        }
    }

    public bool WantsChanges => _all.Values.Any(subscription => subscription.EveryChange);

    public Subscription? Find(string id) => _all.GetValueOrDefault(id);

    public IReadOnlyCollection<Subscription> Of(string owner) => _byOwner.TryGetValue(owner, out Dictionary<string, Subscription>? own) ? own.Values : [];

    public IEnumerable<Subscription> All => _all.Values;

    public void Put(Subscription subscription)
    {
        SubscriptionRow.Bind(_statement(SubscriptionRow.Replace), subscription).Execute();
        _all[subscription.Id] = subscription;
        OfOwner(subscription.Owner)[subscription.Id] = subscription;
    }

    public bool Remove(string? owner, string id)
    {
        if (Find(id) is not { } subscription || (owner is not null && subscription.Owner != owner))
        {
            return false;
        }

        _statement("DELETE FROM subscriptions WHERE id = ?1").Bind(id).Execute();
        _all.Remove(id);
        OfOwner(subscription.Owner).Remove(id);
        return true;
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
