using System.Text.Json;
using RealtimeOps.Operations.Schemas;

namespace RealtimeOps.Relay;

/// <summary>Recognizes the forms in which services tell of their long-running work, by the members that each of them has.</summary>
internal static class RemoteStatusReader
{
    private const string OgcResults = "http://www.opengis.net/def/rel/ogc/1.0/results";

    /// <summary>Azure's own spelling of its states.</summary>
    private static readonly HashSet<string> AzureStates = ["NotStarted", "Running", "Succeeded", "Failed", "Canceled"];

    private static readonly HashSet<string> AzureMembers =
        ["id", "name", "status", "startTime", "endTime", "createdDateTime", "lastActionDateTime", "percentComplete", "properties", "error", "resourceId", "resourceLocation", "result", "operations"];

    private static readonly HashSet<string> GoogleMembers = ["name", "metadata", "done", "error", "response"];

    private static readonly HashSet<string> SlowRestMembers = ["progress", "status", "state", "activity", "message", "result", "error"];

    /// <summary>Null when it is none of them.</summary>
    /// <param name="json">The body.</param>
    /// <param name="form">How the service spoke so far: an Azure service may name states of its own, which count as unfinished.</param>
    public static RemoteStatus? Read(ReadOnlyMemory<byte> json, RemoteForm form)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return root.ValueKind is not JsonValueKind.Object ? null
                : IsGoogle(root) ? ReadGoogle(root)
                : Number(root, "progress") is { } progress && !IsText(root, "status") ? ReadSlowRest(root, progress)
                : Text(root, "status") is { } status ? ReadNamed(root, status, form)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsGoogle(JsonElement root) =>
        Text(root, "name") is { } name
        && name.Contains("operations/", StringComparison.Ordinal)
        && (!root.TryGetProperty("done", out JsonElement done) || done.ValueKind is JsonValueKind.True or JsonValueKind.False)
        && HasOnly(root, GoogleMembers);

    private static RemoteStatus ReadGoogle(JsonElement root)
    {
        JsonElement? metadata = Member(root, "metadata");
        var status = new RemoteStatus(RemoteForm.Google, RemoteState.Unfinished)
        {
            IsCertain = true,
            Monitor = Text(root, "name"),
            Progress = Number(metadata, "progressPercent") ?? Number(metadata, "progressPercentage") ?? Number(metadata, "progress"),
        };
        return !root.TryGetProperty("done", out JsonElement done) || !done.GetBoolean() ? status
            : Member(root, "error") is { } error ? status with { State = Number(error, "code") == 1 ? RemoteState.Canceled : RemoteState.Failed, Code = HttpCode(Number(error, "code")), Text = Text(error, "message") }
            : status with { State = RemoteState.Succeeded, Result = Member(root, "response")?.Clone() };
    }

    private static RemoteStatus ReadSlowRest(JsonElement root, double progress)
    {
        JsonElement? error = Member(root, "error");
        double code = Number(root, "status") ?? 0;
        return new RemoteStatus(RemoteForm.SlowRest, progress < 100 ? RemoteState.Unfinished : code == 0 ? RemoteState.Succeeded : Text(root, "state") == "canceled" ? RemoteState.Canceled : RemoteState.Failed)
        {
            IsCertain = IsText(root, "uri") || HasOnly(root, SlowRestMembers),
            Progress = progress,
            Text = (progress < 100 ? Text(root, "activity") : Text(error, "detail")) ?? Text(root, "message"),
            Code = (int)Math.Clamp(code, int.MinValue, int.MaxValue),
            Monitor = Text(root, "uri"),
            ResultUri = Text(root, "result") is { } result && IsAddress(result) ? result : null,
            Result = Member(root, "result") is { } value && !(value.ValueKind is JsonValueKind.String && JsonText.Of(value) is { } text && IsAddress(text)) ? value.Clone() : null,
        };
    }

    /// <summary>Azure and OGC API: a word, each with its own words around it.</summary>
    private static RemoteStatus? ReadNamed(JsonElement root, string word, RemoteForm form)
    {
        RemoteState? state = word.ToLowerInvariant() switch
        {
            "accepted" or "created" or "queued" or "pending" or "notstarted" or "running" or "inprogress" => RemoteState.Unfinished,
            "succeeded" or "successful" => RemoteState.Succeeded,
            "failed" => RemoteState.Failed,
            "canceled" or "cancelled" or "dismissed" => RemoteState.Canceled,
            _ => form is RemoteForm.Azure ? RemoteState.Unfinished : null,
        };
        if (state is null)
        {
            return null;
        }

        bool isOgc = word is "accepted" or "successful" or "dismissed" || IsText(root, "jobID") || Member(root, "links") is { ValueKind: JsonValueKind.Array };
        JsonElement? failure = Member(root, "error") ?? Member(root, "exception");
        return new RemoteStatus(isOgc ? RemoteForm.Ogc : RemoteForm.Azure, state.Value)
        {
            IsCertain = IsText(root, "jobID") || (AzureStates.Contains(word) && HasOnly(root, AzureMembers)),
            Progress = Number(root, "percentComplete") ?? Number(root, "progress"),
            Text = Text(failure, "message") ?? Text(failure, "detail") ?? Text(failure, "title") ?? Text(root, "message"),
            Code = (int?)(Number(failure, "status") ?? Number(failure, "code")),
            Monitor = Link(root, "monitor") ?? Link(root, "status") ?? Link(root, "self"),
            ResultUri = Text(root, "resourceLocation") ?? Link(root, OgcResults) ?? Link(root, "results"),
            Result = Member(root, "result")?.Clone(),
        };
    }

    private static string? Link(JsonElement root, string relation)
    {
        if (Member(root, "links") is not { ValueKind: JsonValueKind.Array } links)
        {
            return null;
        }

        foreach (JsonElement link in links.EnumerateArray())
        {
            if (link.ValueKind is JsonValueKind.Object && Text(link, "rel") == relation && Text(link, "href") is { } target)
            {
                return target;
            }
        }

        return null;
    }

    /// <summary>The codes of gRPC as HTTP knows them.</summary>
    private static int HttpCode(double? code) => code switch
    {
        1 => 499,
        3 or 9 or 11 => 400,
        4 => 504,
        5 => 404,
        6 or 10 => 409,
        7 => 403,
        8 => 429,
        12 => 501,
        14 => 503,
        16 => 401,
        _ => 500,
    };

    private static bool IsAddress(string text) => text.StartsWith('/') || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private static JsonElement? Member(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    private static bool IsText(JsonElement json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String };

    private static string? Text(JsonElement? json, string name) => Member(json, name) is { ValueKind: JsonValueKind.String } value ? JsonText.Of(value) : null;

    private static bool HasOnly(JsonElement root, HashSet<string> members) => root.EnumerateObject().All(member => JsonText.NameOf(member) is { } name && members.Contains(name));

    private static double? Number(JsonElement? json, string name) => Member(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double number) ? number : null;
}
