using RealtimeOps.TestSupport;
using Shouldly;

namespace RealtimeOps.E2ETests.Crash;

/// <summary>Makes what the crash test submits: all kinds of ends, from a seed.</summary>
internal static class Submissions
{
    /// <summary>More than any operation gets, retries and crashes together.</summary>
    private const int Always = 1000;

    public static Submission[] Make(Random random, int count) => [.. Enumerable.Range(0, count).Select(number => Make(number, random))];

    private static Submission Make(int number, Random random)
    {
        string? id = number % 3 == 0 ? null : $"job-{number}";
        if (number % 12 == 5)
        {
            return Csv(number, id, random);
        }

        (int steps, int stepMs) = random.Next(4) switch
        {
            0 => (random.Next(0, 3), 0),
            1 => (random.Next(1, 200), 1),
            2 => (random.Next(5, 40), 20),
            _ => (random.Next(20, 40), 50),
        };
        return (number % 10) switch
        {
            0 or 7 => Steps(number, id, new { steps, stepMs, result = new { number, text = "good" }, message = $"Number {number} is done." }, $"Number {number} is done.", result: $$"""{"number":{{number}},"text":"good"}"""),
            1 or 2 => Retried(number, id, Math.Min(steps, 20), stepMs, failTimes: random.Next(1, 4)),
            3 => Failed(number, id, new { steps, stepMs, failAt = random.Next(1, steps + 1), failStatus = 40 + number, message = "It broke." }, steps, 40 + number, "It broke."),
            4 => Failed(number, id, new { steps = 2, stepMs, failTimes = Always, failStatus = 77 }, 2, 77, message: null, leastAttempts: 4),
            _ => Steps(number, id, new { steps, stepMs }, "Done.", result: null),
        };
    }

    private static Submission Retried(int number, string? id, int steps, int stepMs, int failTimes) =>
        Steps(number, id, new { steps, stepMs, failTimes }, "Done.", result: null) with { LeastAttempts = failTimes + 1 };

    private static Submission Steps(int number, string? id, object input, string message, string? result) =>
        new(number, "demo.steps", id, () => GatewayClient.Json(input)!, 0, message, 1, answer =>
        {
            answer.ShouldBe(result is null ? 204 : 200);
            answer.Text.ShouldBe(result ?? "");
        });

    /// <summary>With no step there is none to fail at.</summary>
    private static Submission Failed(int number, string? id, object input, int steps, int status, string? message, int leastAttempts = 1) => steps == 0
        ? Steps(number, id, input, message!, result: null)
        : new(number, "demo.steps", id, () => GatewayClient.Json(input)!, status, message, leastAttempts, answer =>
            answer.ShouldBeProblem(422, "operation-failed").Json.GetProperty("error").Text("code").ShouldBe($"{status}"));

    private static Submission Csv(int number, string? id, Random random)
    {
        var file = new CsvFile(random);
        return new(number, "csv.profile", id, () => new SlowContent(file.Bytes), 0, $"{file.Rows} rows, 4 columns.", 1, answer => file.CheckProfile(answer.ShouldBe(200).Json));
    }
}
