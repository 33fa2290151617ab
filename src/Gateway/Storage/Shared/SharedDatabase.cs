using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using System.Reflection;
using RealtimeOps.Feed;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>A database that several servers use, over ADO.NET; what one make of it does differently is in its subclass.</summary>
internal abstract class SharedDatabase : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _translated = new();

    public abstract SqlDialect Dialect { get; }

    /// <summary>For the operator: where it is, without credentials.</summary>
    public abstract string Place { get; }

    /// <summary>The numbered scripts that make the schema.</summary>
    public abstract (Assembly Assembly, string Prefix) Scripts { get; }

    /// <summary>The server's clock in Unix milliseconds.</summary>
    public abstract string Now { get; }

    /// <summary>Lets only one server at a time change the schema, to the end of its transaction, and makes the list of the scripts that were applied.</summary>
    public abstract string LockSchema { get; }

    /// <summary>The last batch of a writer, <c>?1</c>; waits for one that is still on its way.</summary>
    public abstract string LastBatch { get; }

    /// <summary>Whether statements that were posted travel together.</summary>
    public abstract bool CanBatch { get; }

    /// <summary>Run on the connection of a writing session before anything else.</summary>
    public abstract string SetUpSession { get; }

    /// <summary>What carries changes between the servers; null where nothing does.</summary>
    public virtual IFeedBackplane? Backplane => null;

    /// <summary>Something was written here that the other servers could not be told.</summary>
    public virtual bool HasUntold => false;

    /// <summary>A connection of the pool, not open yet.</summary>
    public abstract DbConnection Connect();

    /// <summary>Closes those that lie in the pool: where one has broken, they have too.</summary>
    public abstract void ForgetConnections();

    /// <summary>Takes numbers of a sequence.</summary>
    public abstract IReadOnlyList<long> Reserve(SqlSession session, string sequence, int count);

    public abstract WriteFailure Judge(Exception failure, bool isCommitting);

    /// <summary>Whether the server may be there in a moment, so that a start waits for it.</summary>
    public abstract bool MayComeUp(Exception failure);

    /// <summary>What the operator should know of a session's settings; null when all is well. May mend them.</summary>
    public abstract Task<string?> InspectAsync(DbConnection connection, CancellationToken cancellationToken);

    public abstract void Dispose();

    /// <summary>The SQL as this database spells it.</summary>
    public string Translate(string sql) => _translated.Count > 1000 ? Spell(sql) : _translated.GetOrAdd(sql, Spell);

    /// <summary>Numbers, texts and bytes; the type counts for NULL too.</summary>
    public DbParameter Parameter(int number, DbType type, object? value)
    {
        DbParameter parameter = NewParameter(number, type, value);
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        return parameter;
    }

    public DbParameter Parameter(int number, object value) => value switch
    {
        string text => Parameter(number, DbType.String, Storable(text)),
        byte[] bytes => Parameter(number, DbType.Binary, bytes),
        _ => Parameter(number, DbType.Int64, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)),
    };

    /// <summary>The text as the database can keep it.</summary>
    public virtual string? Storable(string? text) => text;

    /// <summary>Runs one statement on a connection of its own.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using DbConnection connection = Connect();
        await connection.OpenAsync(cancellationToken);
        await using DbCommand command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>As <see cref="ExecuteAsync"/>, for the few who cannot wait otherwise.</summary>
    public int Execute(string sql, params object[] values)
    {
        using DbConnection connection = Connect();
        connection.Open();
        using DbCommand command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public DbCommand Command(DbConnection connection, string sql, params object[] values)
    {
        DbCommand command = connection.CreateCommand();
        command.CommandText = Translate(sql);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.Add(Parameter(i + 1, values[i]));
        }

        return command;
    }

    protected abstract string Spell(string sql);

    protected abstract DbParameter NewParameter(int number, DbType type, object? value);
}
