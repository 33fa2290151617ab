namespace RealtimeOps.Storage.Sql;

/// <summary>
/// A statement of the writing session; its parameters are <c>?1</c>, <c>?2</c>, …, bound in order, anew for every run. The SQL is the common ground of all
/// databases; what differs comes from the <see cref="SqlDialect"/>.
/// </summary>
internal abstract class Statement : IDisposable
{
    public abstract Statement Bind(long? value);

    public abstract Statement Bind(string? value);

    public abstract Statement Bind(byte[]? value);

    /// <summary>Runs it and answers how many rows it changed.</summary>
    public abstract int Execute();

    /// <summary>
    /// Runs it now or later: before anything else is asked of the session, before the commit, and after what was posted earlier. Statements that need no
    /// answer travel together to a database that is far away; <paramref name="changed"/> is told how many rows it was, within the transaction.
    /// </summary>
    public abstract void Post(Action<int>? changed = null);

    /// <summary>The rows, each turned into a value by <paramref name="read"/>.</summary>
    public List<T> Query<T>(Func<Row, T> read)
    {
        var rows = new List<T>();
        try
        {
            Row row = Open();
            while (Next())
            {
                rows.Add(read(row));
            }
        }
        finally
        {
            Close();
        }

        return rows;
    }

    public abstract void Dispose();

    protected abstract Row Open();

    protected abstract bool Next();

    protected abstract void Close();
}
