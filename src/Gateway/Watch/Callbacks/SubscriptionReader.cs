using System.Text.Json;
using Microsoft.AspNetCore.Http;
using RealtimeOps.Hosting;
using RealtimeOps.Operations;
using RealtimeOps.Operations.Schemas;
using RealtimeOps.Webhooks;

namespace RealtimeOps.Watch.Callbacks;

/// <summary>Reads what a subscription should be, and names every fault with its JSON Pointer.</summary>
internal sealed class SubscriptionReader(TargetRules targets, OperationTypes types)
{
    private const int Longest = 64 * 1024;
    private const int MostTags = 32;
    private const int LongestTag = 256;

    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3650);

    /// <summary>Answers what puts the wishes of the body into a subscription.</summary>
    /// <param name="context">The request.</param>
    /// <param name="isNew">Else it is a change of one that is there.</param>
    /// <param name="now">Expiries must lie ahead.</param>
    /// <exception cref="ProblemException">Something does not fit; nothing was changed.</exception>
    public async Task<Func<Subscription, Subscription>> ReadAsync(HttpContext context, bool isNew, DateTimeOffset now)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new ProblemException(Problems.ForStatus(415));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(await BoundedBody.ReadAsync(context.Request, Longest, context.RequestAborted));
            return Read(document.RootElement, Caller.Of(context), isNew, now);
        }
        catch (PayloadTooLargeException)
        {
            throw new ProblemException(Problems.ForStatus(413));
        }
        catch (JsonException)
        {
            throw Faulty([new InputFault("", "is not well-formed JSON")]);
        }
    }

    private Func<Subscription, Subscription> Read(JsonElement body, Caller caller, bool isNew, DateTimeOffset now)
    {
        var faults = new InputFaults();
        InteroperableJson.Check(body, JsonPointer.Root, faults);
        if (faults.Faults.Count > 0 || body.ValueKind is not JsonValueKind.Object)
        {
            throw Faulty(faults.Faults.Count > 0 ? faults.Faults : [new InputFault("", "must be an object")]);
        }

        var reading = new Reading(targets, name => types.TryFind(name, out _) && caller.MayUse(name), isNew, now);
        foreach (JsonProperty member in body.EnumerateObject())
        {
            reading.Take(member);
        }

        if (isNew && !body.TryGetProperty("webhook", out _))
        {
            reading.Faults.Add(new InputFault("/webhook", "is required: " + TargetRules.Wanted));
        }

        return reading.Faults.Count == 0 ? reading.Change : throw Faulty(reading.Faults);
    }

    private static ProblemException Faulty(IReadOnlyList<InputFault> faults) => new(InvalidInput.Problem(faults));

    /// <summary>The members one by one; null takes a member out.</summary>
    private sealed class Reading(TargetRules targets, Func<string, bool> isType, bool isNew, DateTimeOffset now)
    {
        public List<InputFault> Faults { get; } = [];

        public Func<Subscription, Subscription> Change { get; private set; } = subscription => subscription;

        public void Take(JsonProperty member)
        {
            switch (member.Name)
            {
                case "webhook" when isNew:
                    string? webhook = Text(member.Value);
                    Require((webhook is null ? TargetRules.Wanted : targets.FaultOf(webhook)) is not { } fault ? null : ("/webhook", fault), subscription => subscription with { Webhook = webhook! });
                    break;
                case "types":
                    List<string>? names = List(member, name => isType(name) ? name : null, "is no operation type of this server");
                    Then(names, (subscription, value) => subscription with { Types = value });
                    break;
                case "states":
                    List<OperationState?>? states = List(member, name => OperationStates.TryParse(name, out OperationState state) ? state : (OperationState?)null, "is no state of an operation");
                    Then(states, (subscription, value) => subscription with { States = [.. value.OfType<OperationState>()] });
                    break;
                case "tags":
                    Then(Tags(member), (subscription, value) => subscription with { Tags = value });
                    break;
                case "events":
                    string? events = Text(member.Value);
                    Require(events is "completed" or "changes" ? null : ("/events", "must be completed or changes"), subscription => subscription with { EveryChange = events == "changes" });
                    break;
                case "expiresAt":
                    ReadExpiry(member.Value);
                    break;
                default:
                    Faults.Add(new InputFault("/" + member.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal), isNew ? "is not known here" : "cannot be changed"));
                    break;
            }
        }

        private static string? Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? JsonText.Of(value) : null;

        private void ReadExpiry(JsonElement value)
        {
            DateTimeOffset? expiresAt = null;
            bool fits = value.ValueKind is JsonValueKind.Null;
            if (Text(value) is { } text && SubmissionOptions.TryInstant(text, out DateTimeOffset instant))
            {
                expiresAt = instant;
                fits = instant > now && instant <= now + LongestLife;
            }

            Require(fits ? null : ("/expiresAt", "must be an RFC 3339 instant in the future, ten years ahead at most"), subscription => subscription with { ExpiresAt = expiresAt });
        }

        private List<T>? List<T>(JsonProperty member, Func<string, T?> parse, string fault)
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                return [];
            }

            if (member.Value.ValueKind is not JsonValueKind.Array)
            {
                Faults.Add(new InputFault("/" + member.Name, "must be an array of strings"));
                return null;
            }

            var values = new List<T>();
            int before = Faults.Count;
            foreach (JsonElement item in member.Value.EnumerateArray())
            {
                if (Text(item) is { } text && parse(text) is { } value)
                {
                    values.Add(value);
                }
                else
                {
                    Faults.Add(new InputFault($"/{member.Name}/{values.Count + Faults.Count - before}", fault));
                }
            }

            return Faults.Count == before ? values : null;
        }

        private Dictionary<string, string>? Tags(JsonProperty member)
        {
            if (member.Value.ValueKind is JsonValueKind.Null)
            {
                return [];
            }

            bool fits = member.Value.ValueKind is JsonValueKind.Object
                && member.Value.EnumerateObject().All(tag => Text(tag.Value) is { Length: <= LongestTag })
                && member.Value.EnumerateObject().Count() <= MostTags;
            if (!fits)
            {
                Faults.Add(new InputFault("/tags", $"must be an object of strings, {MostTags} of {LongestTag} characters at most"));
                return null;
            }

            return member.Value.EnumerateObject().ToDictionary(tag => tag.Name, tag => Text(tag.Value)!);
        }

        private void Then<T>(T? value, Func<Subscription, T, Subscription> put)
            where T : class
        {
            if (value is not null)
            {
                Require(null, subscription => put(subscription, value));
            }
        }

        private void Require((string Pointer, string Detail)? fault, Func<Subscription, Subscription> put)
        {
            if (fault is { } found)
            {
                Faults.Add(new InputFault(found.Pointer, found.Detail));
                return;
            }

            Func<Subscription, Subscription> before = Change;
            Change = subscription => put(before(subscription));
        }
    }
}
