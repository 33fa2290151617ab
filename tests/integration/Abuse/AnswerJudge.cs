using System.Text.Json;
using RealtimeOps.TestSupport;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>What no answer may be, or hold, whatever was asked.</summary>
/// <param name="secrets">Of others.</param>
internal sealed class AnswerJudge(params string[] secrets)
{
    /// <summary>Words of the server's insides; no request holds one.</summary>
    private static readonly string[] Insides = ["Exception", "   at ", ".cs:", "System.", "Microsoft.", "Npgsql", "SqlState", "SQLite", "RealtimeOps.", "/tmp/"];

    /// <summary>What the HTTP server itself says, without a body, before a request has reached anybody.</summary>
    private static readonly int[] OfTheServer = [400, 405, 408, 411, 413, 414, 417, 431, 505];

    /// <summary>Null when all is well.</summary>
    public string? FaultOf(RawAnswer answer, bool isHead)
    {
        // The one exception that clients know by its name.
        string all = answer.ToString().Replace("HubException", "", StringComparison.Ordinal);
        return Array.Find(secrets, secret => all.Contains(secret, StringComparison.OrdinalIgnoreCase)) is { } secret ? $"It holds {secret}."
            : Array.Find(Insides, word => all.Contains(word, StringComparison.Ordinal)) is { } word ? $"It holds '{word}'."
            : answer.Code < 400 || IsOfTheServer(answer) ? null
            : answer.Code >= 500 ? "It is the server's fault."
            : answer["Content-Type"] != "application/problem+json" ? "It is no problem."
            : isHead ? null
            : FaultOfProblem(answer);
    }

    private static bool IsOfTheServer(RawAnswer answer) => answer.Closes && answer.Body.Length == 0 && answer["Content-Type"] is null && OfTheServer.Contains(answer.Code);

    private static string? FaultOfProblem(RawAnswer answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer.Body);
            JsonElement problem = document.RootElement;
            return Array.Find(["type", "title", "detail", "instance", "traceId"], member => string.IsNullOrWhiteSpace(problem.Text(member))) is { } missing ? $"It has no {missing}."
                : problem.Number("status") != answer.Code ? "Its status is another."
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return "It cannot be read: " + unreadable.Message;
        }
    }
}
