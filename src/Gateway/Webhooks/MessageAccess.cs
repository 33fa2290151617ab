namespace RealtimeOps.Webhooks;

/// <summary>Which messages somebody may see or change. What tells of no operation, a test, is its owner's whatever the types.</summary>
/// <param name="Owner">Whose they must be; null for anybody's.</param>
/// <param name="Types">Of which operation types; null for all.</param>
internal readonly record struct MessageAccess(string? Owner, IReadOnlySet<string>? Types = null)
{
    public bool Allows(Delivery delivery) =>
        (Owner is null || delivery.Owner == Owner) && (Types is null || delivery.Operation is not { } operation || Types.Contains(operation.Type));
}
