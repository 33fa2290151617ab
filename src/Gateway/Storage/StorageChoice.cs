using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;

namespace RealtimeOps.Storage;

/// <summary>Which of the program's databases keeps the operations.</summary>
internal sealed class StorageChoice(IEnumerable<StorageRegistration> databases, IConfiguration configuration) : IValidateOptions<RealtimeOpsOptions>
{
    public const string ConnectionName = "RealtimeOps";

    private const string Embedded = "sqlite";
    private const string SqlServer = "sqlserver";

    private readonly StorageRegistration[] _databases = [.. databases];

    public StorageRegistration Choose(RealtimeOpsOptions options) => _databases.First(database => database.Name == options.Storage.Provider);

    /// <summary>Whether there is one that brings a clock. Asked before the settings are checked, so that all their faults are told at once.</summary>
    public bool HasClock => configuration["Storage:Provider"]?.ToLowerInvariant() is { } chosen && chosen != Embedded && _databases.Any(database => database.Name == chosen);

    public ValidateOptionsResult Validate(string? name, RealtimeOpsOptions options)
    {
        string chosen = options.Storage.Provider;
        return _databases.All(database => database.Name != chosen)
            ? ValidateOptionsResult.Fail(chosen == SqlServer
                ? "Storage:Provider is 'sqlserver', which is not part of this program: build it with UseHangfire=true."
                : $"Storage:Provider is '{chosen}'; this program has {string.Join(" and ", _databases.Select(database => $"'{database.Name}'"))}.")
        : chosen != Embedded && string.IsNullOrWhiteSpace(configuration.GetConnectionString(ConnectionName))
            ? ValidateOptionsResult.Fail($"Storage:Provider is '{chosen}', but ConnectionStrings:{ConnectionName} is missing: say which database to use.")
        : ValidateOptionsResult.Success;
    }
}
