using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Hangfire;
using Hangfire.Common;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>What stands for an operation among Hangfire's jobs: its key, in the queue of its type. Neither this type nor its method may be renamed while such jobs are stored.</summary>
internal static class OperationJob
{
    private const int LongestQueue = 50;
    private const int HashLength = 8;

    private static readonly MethodInfo Method = typeof(OperationJob).GetMethod(nameof(Run))!;

    public static Job For(OperationKey key) => new(typeof(OperationJob), Method, [key.ToString()], QueueOf(key.Type));

    /// <summary>The operation that a job stands for; null for a job of another kind.</summary>
    public static OperationKey? KeyOf(Job? job) => job?.Type == typeof(OperationJob) ? Parse((string)job.Args[0]) : null;

    /// <summary>A queue for each type, so that a server fetches only what it can run. Hangfire's names have no dots and, in SQL Server, 50 letters at most.</summary>
    public static string QueueOf(string type)
    {
        string name = type.Replace('.', '_');
        return name.Length <= LongestQueue ? name : $"{name[..(LongestQueue - HashLength - 1)]}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(type)))[..HashLength]}";
    }

    /// <summary>What the job names. The gateway's own workers know what to do with it; another Hangfire server that shares the storage does not.</summary>
    [JobDisplayName("{0}")]
    public static void Run(string operation) => throw new NotSupportedException($"{operation} is run by the gateway's workers only.");

    private static OperationKey Parse(string operation)
    {
        int slash = operation.IndexOf('/', StringComparison.Ordinal);
        return new OperationKey(operation[..slash], operation[(slash + 1)..]);
    }
}
