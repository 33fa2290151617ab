using System.Collections.Frozen;

namespace RealtimeOps.Execution;

/// <summary>Which handler runs which type.</summary>
internal sealed class OperationInvokers(IEnumerable<OperationRegistration> registrations)
{
    private readonly FrozenDictionary<string, OperationInvoker> _invokers =
        registrations.ToFrozenDictionary(registration => registration.Name, registration => registration.Invoker, StringComparer.Ordinal);

    public OperationInvoker? Find(string type) => _invokers.GetValueOrDefault(type);
}
