using System.Data;
using System.Data.Common;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>
/// The connection of this server that writes. What is posted travels in one batch where the driver has batches. Each transaction counts up a number of this session
/// in the database: so it can be asked later whether a commit was made that got no answer.
/// </summary>
internal sealed class AdoSession : SqlSession
{
    private const int MostPosted = 2000;

    private readonly DatabaseClock _clock;
    private readonly DbConnection _connection;
    private readonly Dictionary<string, Statement> _statements = [];
    private readonly Queue<long> _operations = [];
    private readonly Queue<long> _deliveries = [];
    private DbTransaction? _transaction;
    private List<Posted> _posted = [];
    private int _expected;
    private bool _isCounted;

    public AdoSession(SharedDatabase database, DatabaseClock clock)
        : base(database.Dialect)
    {
        Database = database;
        _clock = clock;
        _connection = database.Connect();
        try
        {
            _connection.Open();
            Statement(database.SetUpSession).Execute();
            Statement("INSERT INTO writers (id, batch, seen_at) VALUES (?1, 0, ?2)").Bind(Id).Bind(clock.Milliseconds).Execute();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public SharedDatabase Database { get; }

    /// <summary>Of this session only: one that was lost may still hold its row.</summary>
    public long Id { get; } = Random.Shared.NextInt64();

    /// <summary>The number of the present transaction.</summary>
    public long Batch { get; private set; }

    public override Statement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out Statement? statement))
        {
            _statements.Add(sql, statement = new AdoStatement(this, sql));
        }

        return statement;
    }

    public override long NextOperation() => Next(_operations, "operations_sequence", _expected);

    public override long NextDelivery() => Next(_deliveries, "deliveries_sequence", _expected);

    public override void Begin(int writes)
    {
        if (_clock.IsDue)
        {
            _clock.Set(() => Statement(Database.Now).Query(row => row.Number(0))[0]);
        }

        // Numbers are taken within the transaction and not kept for the next one: their order is that of acceptance on all servers.
        _operations.Clear();
        _deliveries.Clear();
        _expected = writes;
        Batch++;
        Subscriptions.Begin();
        _isCounted = false;
        _transaction = _connection.BeginTransaction();
    }

    public override void Commit()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
    }

    public void Post(string sql, List<DbParameter> parameters, Action<int>? changed)
    {
        _posted.Add(new Posted(sql, parameters, changed));
        if (_posted.Count >= MostPosted)
        {
            Send();
        }
    }

    public override void Flush()
    {
        if (!_isCounted)
        {
            _isCounted = true;
            Statement("UPDATE writers SET batch = ?2, seen_at = ?3 WHERE id = ?1").Bind(Id).Bind(Batch).Bind(_clock.Milliseconds).Post();
        }

        Send();
    }

    /// <summary>Sends what was posted.</summary>
    public void Send()
    {
        while (_posted.Count > 0)
        {
            List<Posted> sent = _posted;
            _posted = [];
            int[] rows = Database.CanBatch ? SendTogether(sent) : [.. sent.Select(SendAlone)];
            for (int i = 0; i < sent.Count; i++)
            {
                sent[i].Changed?.Invoke(rows[i]);
            }
        }
    }

    public DbCommand Command(string sql, List<DbParameter> parameters)
    {
        DbCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        parameters.ForEach(parameter => command.Parameters.Add(parameter));
        return command;
    }

    /// <summary>Who goes without this is taken for dead.</summary>
    public override void TakeLeave()
    {
        _posted = [];
        _transaction?.Dispose();
        _transaction = null;
        if (_connection.State is ConnectionState.Open && !Database.HasUntold)
        {
            Statement("DELETE FROM writers WHERE id = ?1").Bind(Id).Execute();
        }
    }

    public override void Dispose()
    {
        try
        {
            _transaction?.Dispose();
        }
        finally
        {
            _connection.Dispose();
        }
    }

    private int SendAlone(Posted posted)
    {
        using DbCommand command = Command(posted.Sql, posted.Parameters);
        return command.ExecuteNonQuery();
    }

    private int[] SendTogether(List<Posted> posted)
    {
        if (posted.Count == 1)
        {
            return [SendAlone(posted[0])];
        }

        using DbBatch batch = _connection.CreateBatch();
        batch.Transaction = _transaction;
        foreach (Posted statement in posted)
        {
            DbBatchCommand command = batch.CreateBatchCommand();
            command.CommandText = statement.Sql;
            statement.Parameters.ForEach(parameter => command.Parameters.Add(parameter));
            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery();
        return [.. batch.BatchCommands.Select(command => command.RecordsAffected)];
    }

    private long Next(Queue<long> numbers, string sequence, int most)
    {
        if (numbers.Count == 0)
        {
            foreach (long number in Database.Reserve(this, sequence, most))
            {
                numbers.Enqueue(number);
            }
        }

        return numbers.Dequeue();
    }

    private readonly record struct Posted(string Sql, List<DbParameter> Parameters, Action<int>? Changed);
}
