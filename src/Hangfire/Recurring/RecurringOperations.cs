using System.Text.Json;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;

namespace RealtimeOps.Hangfire;

/// <summary>The operations that the configuration wants submitted again and again, as Hangfire's recurring jobs.</summary>
internal sealed class RecurringOperations(EngineStorage storage, OperationTypes types, IConfiguration configuration, IOptions<RealtimeOpsOptions> options)
{
    private const string Section = "Recurring";

    private readonly Dictionary<string, RecurringOperation> _operations = new(StringComparer.OrdinalIgnoreCase);

    public RecurringOperation? Find(string name) => _operations.GetValueOrDefault(name);

    /// <summary>Tells Hangfire what there is, and takes away what there no longer is.</summary>
    /// <exception cref="StartupException">The configuration has faults; all of them are named.</exception>
    public void Announce()
    {
        var faults = new List<string>();
        var manager = new RecurringJobManager(storage.Jobs, storage.Factory);
        foreach (IConfigurationSection section in configuration.GetSection(Section).GetChildren())
        {
            try
            {
                Announce(manager, Read(section));
            }
            catch (StartupException fault)
            {
                faults.Add(fault.Message);
            }
        }

        if (_operations.Count + faults.Count > 0 && options.Value.PublicUrl is null)
        {
            faults.Add("Recurring operations need PublicUrl: there is no request that tells under which address they are shown.");
        }

        if (faults.Count > 0)
        {
            throw new StartupException(string.Join(" ", faults));
        }

        RemoveOthers(manager);
    }

    private void Announce(RecurringJobManager manager, RecurringOperation operation)
    {
        try
        {
            manager.AddOrUpdate(operation.Name, RecurringJob.For(operation.Name), operation.Cron, new RecurringJobOptions { TimeZone = operation.TimeZone });
        }
        catch (ArgumentException refusal)
        {
            throw new StartupException($"{Section}:{operation.Name}:Cron is '{operation.Cron}', which is not a cron expression such as '0 3 * * *': {refusal.InnerException?.Message}", refusal);
        }

        _operations.Add(operation.Name, operation);
    }

    private RecurringOperation Read(IConfigurationSection section)
    {
        RecurringOptions rules = section.Get<RecurringOptions>() ?? new RecurringOptions();
        string path = section.Path;
        if (rules.Type is null || !types.TryFind(rules.Type, out OperationType? type))
        {
            throw new StartupException($"{path}:Type is '{rules.Type}'; this server has {string.Join(", ", types.All.Select(known => known.Name))}.");
        }

        if (type.Schema is null)
        {
            throw new StartupException($"{path}:Type is '{rules.Type}', which takes no JSON; only operations with JSON inputs can recur.");
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(rules.TimeZone, out TimeZoneInfo? timeZone))
        {
            throw new StartupException($"{path}:TimeZone is '{rules.TimeZone}', which is not a time zone such as Europe/Berlin.");
        }

        return new RecurringOperation(section.Key, type, rules.Cron ?? "", timeZone, ReadInput(section.GetSection("Input"), type));
    }

    private static byte[] ReadInput(IConfigurationSection section, OperationType type)
    {
        try
        {
            byte[] input = RecurringInput.Read(section);
            using JsonDocument document = JsonDocument.Parse(input);
            string[] faults = [.. type.Schema!.Validate(document.RootElement).Select(fault => $"'{fault.Pointer}' {fault.Detail}")];
            return faults.Length == 0 ? input : throw new StartupException($"{section.Path} does not fit the operation type: {string.Join("; ", faults)}.");
        }
        catch (JsonException malformed)
        {
            throw new StartupException($"{section.Path} is not well-formed JSON: {malformed.Message}", malformed);
        }
    }

    private void RemoveOthers(RecurringJobManager manager)
    {
        using IStorageConnection connection = storage.Jobs.GetConnection();
        foreach (RecurringJobDto job in connection.GetRecurringJobs().Where(job => !_operations.ContainsKey(job.Id)))
        {
            manager.RemoveIfExists(job.Id);
        }
    }
}

/// <summary>One of them, checked.</summary>
internal sealed record RecurringOperation(string Name, OperationType Type, string Cron, TimeZoneInfo TimeZone, byte[] Input);
