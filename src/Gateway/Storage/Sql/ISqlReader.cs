namespace RealtimeOps.Storage.Sql;

/// <summary>Reads beside the writing session, and only what is committed.</summary>
internal interface ISqlReader
{
    /// <summary>The rows, each turned into a value by <paramref name="read"/>. Values are numbers and texts, never null.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be read now.</exception>
    ValueTask<List<T>> QueryAsync<T>(string sql, Func<Row, T> read, CancellationToken cancellationToken, params object[] values);
}
