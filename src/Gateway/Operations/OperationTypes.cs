using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace RealtimeOps.Operations;

/// <summary>All operation types of this server; fixed once it has started.</summary>
internal sealed class OperationTypes(IEnumerable<OperationType> types)
{
    private readonly FrozenDictionary<string, OperationType> _types = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    public IEnumerable<OperationType> All => _types.Values.OrderBy(type => type.Name, StringComparer.Ordinal);

    public bool TryFind(string name, [NotNullWhen(true)] out OperationType? type) => _types.TryGetValue(name, out type);
}
