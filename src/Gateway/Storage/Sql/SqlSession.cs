namespace RealtimeOps.Storage.Sql;

/// <summary>The one connection of this server that writes, with its statements. Used by the batcher's thread only.</summary>
internal abstract class SqlSession(SqlDialect dialect) : IWriteSession
{
    private Tables? _tables;

    public SqlDialect Dialect => dialect;

    public OperationTable Operations => All.Operations;

    public SubscriptionTable Subscriptions => All.Subscriptions;

    public DeliveryTable Deliveries => All.Deliveries;

    public MailboxTable Mailboxes => All.Mailboxes;

    private Tables All => _tables ??= new Tables(this);

    /// <summary>Ready to be bound; the same text answers the same statement.</summary>
    public abstract Statement Statement(string sql);

    /// <summary>The next place in the order of acceptance; one that is not used stays a hole.</summary>
    public abstract long NextOperation();

    /// <summary>As <see cref="NextOperation"/>, in the order of recorded messages.</summary>
    public abstract long NextDelivery();

    public abstract void Begin(int writes);

    public abstract void Flush();

    public abstract void Commit();

    public virtual void TakeLeave()
    {
    }

    public abstract void Dispose();

    private sealed class Tables
    {
        public Tables(SqlSession session)
        {
            Subscriptions = new SubscriptionTable(session);
            Deliveries = new DeliveryTable(session, Subscriptions);
            Mailboxes = new MailboxTable(session, Deliveries, Subscriptions);
            Operations = new OperationTable(session, Mailboxes);
        }

        public OperationTable Operations { get; }

        public SubscriptionTable Subscriptions { get; }

        public DeliveryTable Deliveries { get; }

        public MailboxTable Mailboxes { get; }
    }
}
