using RealtimeOps.Execution;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;

namespace RealtimeOps.IntegrationTests.Abuse;

/// <summary>What is there before the abuse begins: things of those who ask, and Anna's, which hold a word that nobody else may ever see, wherever she can put one.</summary>
internal static class Plantation
{
    /// <summary>Anna's word.</summary>
    public const string Canary = "planted-canary";

    private const string Scopes = "submit read manage";

    public static Dictionary<string, string?> Settings => new Keys().With("anna", Scopes).With("bob", Scopes).With("carl", Scopes).With("root", "admin")
        .And("Proxies:Trusted:0", "127.0.0.0/8")
        .And("Operations:demo.steps:Timeout", "00:00:01")
        .And("Operations:demo.steps:Concurrency", "4")
        .And("Operations:demo.steps:RetryDelays:0", "00:00:00.010")
        .And("Polling:Allowance", "300")
        .Settings();

    /// <summary>Runs until it is stopped when it is asked to.</summary>
    public static async Task<OperationResult> Script(ScriptInput input, OperationContext context, CancellationToken cancellationToken)
    {
        context.Report(50, input.Text);
        if (input.Number == int.MaxValue)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        return input.Text is { } text ? OperationResult.OfJson(text) : OperationResult.None;
    }

    /// <summary>Answers the ids of everything, by the names that routes give them.</summary>
    public static async Task<Dictionary<string, string[]>> PlantAsync(GatewayServer server)
    {
        var things = new Dictionary<string, List<string>>
        {
            ["type"] = [Inputs.Demo, Inputs.Demo, Inputs.Csv, Inputs.Script],
            ["id"] = [],
            ["operation"] = [.. Enumerable.Range(0, 12).SelectMany(number => (string[])[$"demo.steps/fuzz-{number}", $"csv.profile/fuzz-{number}", $"test.script/fuzz-{number}"])],
            ["mailbox"] = ["fuzz-1", "fuzz-2", "bobs-box"],
            ["subscription"] = [],
            ["delivery"] = [],
            ["message"] = [],
            ["path"] = ["", "jobs", "%2e%2e", "css"],
        };
        foreach ((string name, string word) in ((string, string)[])[("anna", Canary), ("bob", OddValues.Payload)])
        {
            using GatewayClient caller = server.ClientWith(Keys.Of(name));
            await PlantAsync(caller, name, word, things);
        }

        return things.ToDictionary(thing => thing.Key, thing => thing.Value.ToArray());
    }

    private static async Task PlantAsync(GatewayClient caller, string name, string word, Dictionary<string, List<string>> things)
    {
        string box = name == "anna" ? word + "-box" : name + "s-box";
        (await caller.PutAsync($"/operations/demo.steps/{name}s-ended?tag.word={word}", new { steps = 1, stepMs = 0, message = word, result = word, webhook = "mailbox:" + box })).ShouldBe(202);
        await caller.WaitForEndAsync($"/operations/demo.steps/{name}s-ended");
        (await caller.PutAsync($"/operations/demo.steps/{name}s-failed", new { steps = 1, stepMs = 0, failAt = 1, message = word })).ShouldBe(202);
        (await caller.PutAsync($"/operations/test.script/{name}s-running?tag.word={word}", new { text = word, number = int.MaxValue })).ShouldBe(202);
        await caller.WaitAsync($"/operations/test.script/{name}s-running", status => status.Text("activity") == word);
        things["id"].AddRange([$"{name}s-ended", $"{name}s-failed", $"{name}s-running"]);
        things["operation"].AddRange([$"demo.steps/{name}s-ended", $"demo.steps/{name}s-failed", $"test.script/{name}s-running"]);
        things["subscription"].Add((await caller.PostAsync("/subscriptions", new { webhook = "mailbox:" + box, tags = new { word } })).ShouldBe(201).Json.Text("id")!);
        string message = (await caller.GetAsync($"/operations/demo.steps/{name}s-ended/deliveries")).Json.GetProperty("deliveries")[0].Text("id")!;
        things["delivery"].Add(message);
        things["message"].Add(message);
    }
}
