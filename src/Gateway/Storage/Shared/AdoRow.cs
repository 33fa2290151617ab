using System.Data.Common;
using System.Globalization;
using RealtimeOps.Storage.Sql;

namespace RealtimeOps.Storage.Shared;

internal sealed class AdoRow(DbDataReader reader) : Row
{
    public override bool IsNull(int column) => reader.IsDBNull(column);

    /// <summary>Counts and literals are narrower than columns in some databases.</summary>
    public override long Number(int column) => reader.GetFieldType(column) == typeof(long) ? reader.GetInt64(column) : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);

    public override string Text(int column) => reader.GetString(column);

    public override byte[] Bytes(int column) => reader.GetFieldValue<byte[]>(column);
}
