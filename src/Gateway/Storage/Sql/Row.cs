namespace RealtimeOps.Storage.Sql;

/// <summary>The row that a query stands on.</summary>
internal abstract class Row
{
    public abstract bool IsNull(int column);

    public abstract long Number(int column);

    public abstract string Text(int column);

    public abstract byte[] Bytes(int column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public byte[]? BytesOrNull(int column) => IsNull(column) ? null : Bytes(column);
}
