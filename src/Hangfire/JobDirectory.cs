using System.Security.Cryptography;
using System.Text;
using Hangfire.Storage;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>Where nodes that share a job storage look up an operation's job, since any of them may have made it. A node alone has no need of it.</summary>
internal sealed class JobDirectory(EngineStorage storage)
{
    private const string Field = "Job";

    public void Add(JobBatch batch, OperationKey key, string id)
    {
        if (storage.IsShared)
        {
            batch.Transaction.SetRangeInHash(Name(key), [new(Field, id)]);
        }
    }

    public void Remove(JobBatch batch, OperationKey key)
    {
        if (storage.IsShared)
        {
            batch.Transaction.RemoveHash(Name(key));
        }
    }

    public string? Find(OperationKey key)
    {
        using IStorageConnection connection = storage.Jobs.GetConnection();
        return Find(connection, key);
    }

    public string? Find(JobBatch batch, OperationKey key) => Find(batch.Connection, key);

    private string? Find(IStorageConnection connection, OperationKey key) => storage.IsShared ? connection.GetAllEntriesFromHash(Name(key))?.GetValueOrDefault(Field) : null;

    /// <summary>SQL Server keeps a hundred letters of such a name and does not tell upper from lower case, which keys do.</summary>
    private static string Name(OperationKey key) => "realtimeops:job:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString())));
}
