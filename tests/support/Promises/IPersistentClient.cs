namespace RealtimeOps.TestSupport.Promises;

/// <summary>A client that does as clients do: what got no answer, it asks again.</summary>
public interface IPersistentClient
{
    /// <summary>Asks until there is an answer.</summary>
    Task<T> AskAsync<T>(Func<GatewayClient, Task<T>> request);
}
