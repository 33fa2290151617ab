using System.Data;
using System.Data.Common;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

/// <summary>A statement of an <see cref="AdoSession"/>. What was posted keeps its own values, so the statement can be bound anew at once.</summary>
internal sealed class AdoStatement(AdoSession session, string sql) : Statement
{
    private readonly string _sql = session.Database.Translate(sql);
    private List<DbParameter> _parameters = [];
    private DbCommand? _command;
    private DbDataReader? _reader;

    public override Statement Bind(long? value) => Bind(DbType.Int64, value);

    public override Statement Bind(string? value) => Bind(DbType.String, session.Database.Storable(value));

    public override Statement Bind(byte[]? value) => Bind(DbType.Binary, value);

    public override int Execute()
    {
        List<DbParameter> parameters = TakeParameters();
        session.Send();
        using DbCommand command = session.Command(_sql, parameters);
        return command.ExecuteNonQuery();
    }

    public override void Post(Action<int>? changed = null) => session.Post(_sql, TakeParameters(), changed);

    public override void Dispose() => Close();

    protected override Row Open()
    {
        List<DbParameter> parameters = TakeParameters();
        session.Send();
        _command = session.Command(_sql, parameters);
        _reader = _command.ExecuteReader();
        return new AdoRow(_reader);
    }

    protected override bool Next() => _reader!.Read();

    protected override void Close()
    {
        _reader?.Dispose();
        _command?.Dispose();
        (_reader, _command) = (null, null);
    }

    private AdoStatement Bind(DbType type, object? value)
    {
        _parameters.Add(session.Database.Parameter(_parameters.Count + 1, type, value));
        return this;
    }

    /// <summary>Before the flush: what it calls back may bind this statement too.</summary>
    private List<DbParameter> TakeParameters()
    {
        List<DbParameter> parameters = _parameters;
        _parameters = [];
        return parameters;
    }
}
