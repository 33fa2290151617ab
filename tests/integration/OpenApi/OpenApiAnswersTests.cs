using System.Text.Json;
using RealtimeOps.IntegrationTests.Mailboxes;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.IntegrationTests.Webhooks;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.OpenApi;

/// <summary>
/// The document and the server are held against each other, in both directions: no answer has a code, a header or a member that is not described, and no
/// member or answer is described that the server does not give.
/// </summary>
public sealed class OpenApiAnswersTests
{
    private const string Type = "/operations/{type}";
    private const string Operation = Type + "/{id}";

    private DescribedApi _api = null!;
    private GatewayClient _anna = null!;

    [Fact]
    public async Task Answers_AreAsDescribed()
    {
        DateTimeOffset tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        Dictionary<string, string?> settings = new Keys().With("anna", "submit read manage", types: Inputs.Demo, expiresAt: tomorrow).With("carl", "read").With("rita", "submit")
            .And("Execution:Workers", "2").And("Operations:demo.steps:Timeout", "01:00:00").And("Polling:Allowance", "1000").Settings();
        await using SlowService service = await SlowService.StartAsync(SlowService.HangAsync);
        settings["Relay:Routes:0:Path"] = "/reports/**";
        settings["Relay:Routes:0:Target"] = service.Address;
        settings["Relay:ReportUrl"] = "http://gateway.example";
        await using GatewayServer server = await WebhookServer.StartAsync(settings);
        using GatewayClient anna = _anna = server.ClientWith(Keys.Of("anna"));
        _api = await DescribedApi.ReadAsync(anna);

        await AskServerAsync();
        await AskOperationsAsync();
        await AskResultsAsync();
        await AskCallbacksAsync();
        await AskMailboxesAsync();
        await AskProblemsAsync(server);
        await AskRelayAsync(server, service);

        _api.Unseen.ShouldBeEmpty("No answer has shown this: show it here, or take it out of the document.");
    }

    private async Task AskServerAsync()
    {
        await AskAsync("GET /session", "/session");
        await AskAsync("POST /session", "/session", new { key = Keys.Of("anna") });
        await AskAsync("DELETE /session", "/session");
        await AskAsync("GET /operation-types", "/operation-types");
        await AskAsync("GET /openapi/v1.json", "/openapi/v1.json");
        await AskAsync("GET /health/live", "/health/live");
        await AskAsync("GET /health/ready", "/health/ready");
    }

    private async Task AskOperationsAsync()
    {
        string running = (await AskAsync($"POST {Type}", "/operations/demo.steps?tag.team=maps", new { steps = 10_000, stepMs = 30 }, 202)).Uri;
        _api.ShouldFit("Status", await _anna.WaitAsync(running, status => status.Has("estimatedEndAt") && status.Has("activity")));
        await _anna.WaitForStateAsync((await _anna.SubmitAsync(Inputs.Demo, Inputs.Endless)).Uri, "running");
        string waiting = (await _anna.SubmitAsync(Inputs.Demo, Inputs.Quick)).Uri;
        (await AskAsync($"GET {Operation}", waiting)).Json.Has("queuePosition").ShouldBeTrue();
        await AskAsync($"GET {Type}", "/operations/demo.steps?pageSize=1");
        await AskAsync("GET /operations", "/operations?state=running&tag.team=maps");
        await AskAsync($"PATCH {Operation}", running, Soon());
        await AskAsync($"POST {Operation}/links", running + "/links", Soon());
        await AskAsync($"DELETE {Operation}", (await _anna.GetAsync("/operations?state=running")).Json.GetProperty("operations")[0].Text("uri")!, code: 202);
        await AskAsync($"POST {Operation}/cancel", running + "/cancel");
        await _anna.WaitForEndAsync(running);
        Answer ended = await AskAsync($"GET {Operation}", running, code: 200);
        await AskAsync($"GET {Operation}", running, code: 304, headers: [("If-None-Match", ended["ETag"]!)]);
        await AskAsync($"GET {Operation}", running, code: 204, headers: [("Accept", "text/event-stream"), ("Last-Event-ID", ended.Json.Number("version").ToString()!)]);
        Answer again = await AskAsync($"POST {Operation}/resubmit", running + "/resubmit", code: 202);
        again.Json.Has("resubmissionOf").ShouldBeTrue();
        (await AskAsync($"GET {Operation}", running)).Json.Has("resubmittedAs").ShouldBeTrue();
        await AskAsync($"POST {Operation}/cancel", again.Uri + "/cancel");
        await _anna.WaitForEndAsync(again.Uri);
        await AskAsync($"POST {Operation}/resubmit", again.Uri + "/resubmit", code: 202, headers: [("Prefer", "respond-async")]);
        await AskAsync($"GET {Operation}/history", running + "/history");
        await AskAsync($"DELETE {Operation}", running, code: 204);
    }

    private async Task AskResultsAsync()
    {
        await AskAsync($"PUT {Operation}", "/operations/demo.steps/mine", new { steps = 1, stepMs = 0, result = new { answer = 42 } }, 200, ("Prefer", "wait=30"));
        await AskAsync($"PUT {Operation}", "/operations/demo.steps/late?delay=PT1H", Inputs.Quick, 202);
        await AskAsync($"POST {Type}", "/operations/demo.steps", Inputs.Quick, 200, ("Prefer", "wait=30"));
        foreach (string bytes in (string[])["result", "input"])
        {
            string uri = "/operations/demo.steps/mine/" + bytes;
            Answer whole = await AskAsync($"GET {Operation}/{bytes}", uri, code: 200);
            await AskAsync($"GET {Operation}/{bytes}", uri, code: 206, headers: [("Range", "bytes=0-3")]);
            await AskAsync($"GET {Operation}/{bytes}", uri, code: 416, headers: [("Range", "bytes=100000-")]);
            await AskAsync($"GET {Operation}/{bytes}", uri, code: 304, headers: [("If-None-Match", whole["ETag"]!)]);
        }

        await AskAsync($"GET {Operation}/result", "/operations/demo.steps/late/result", code: 202);
        string plain = (await _anna.RunAsync(Inputs.Demo, Inputs.Quick)).Text("uri")!;
        await AskAsync($"GET {Operation}/result", plain + "/result", code: 204);
        await AskAsync($"POST {Operation}/resubmit", plain + "/resubmit", code: 200, headers: [("Prefer", "wait=30")]);
        string failed = (await _anna.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, failAt = 1, failStatus = 7 })).Text("uri")!;
        await AskAsync($"GET {Operation}", failed);
        await AskAsync($"GET {Operation}/result", failed + "/result", code: 422);
        await AskAsync($"POST {Operation}/cancel", "/operations/demo.steps/late/cancel");
        await AskAsync($"GET {Operation}/result", "/operations/demo.steps/late/result", code: 409);
        await AskAsync($"PUT {Operation}", "/operations/demo.steps/azure?profile=azure&delay=PT1H", Inputs.Quick, 202, bodyIsDescribed: false, []);
        await AskAsync($"POST {Type}", "/operations/demo.steps?profile=azure", Inputs.Quick, 202, bodyIsDescribed: false, []);
    }

    private async Task AskCallbacksAsync()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(async (context, message) =>
        {
            _api.ShouldFit(message.Text.Contains("\"test\"", StringComparison.Ordinal) ? "TestMessage" : "Status", message.Json);
            context.Response.StatusCode = message.Path == "/bad" ? 500 : 200;
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "words");
        });
        Answer made = await AskAsync("POST /subscriptions", "/subscriptions", new { webhook = receiver.Address, types = new[] { Inputs.Demo }, states = new[] { "failed" }, tags = new { team = "maps" }, expiresAt = Soon().ExpiresAt }, 201);
        string uri = made.Uri;
        await AskAsync("GET /subscriptions/{subscription}", uri);
        await AskAsync("PATCH /subscriptions/{subscription}", uri, new { states = (string[]?)null });
        await AskAsync("POST /subscriptions/{subscription}/test", uri + "/test");
        await AskAsync("POST /subscriptions/{subscription}/rotate-secret", uri + "/rotate-secret");
        await AskAsync("POST /subscriptions/{subscription}/pause", uri + "/pause");
        await AskAsync("POST /subscriptions/{subscription}/resume", uri + "/resume");
        await AskAsync("GET /subscriptions/{subscription}/deliveries", uri + "/deliveries?pageSize=1");

        // One target fails, one cannot be connected to.
        string bad = (await _anna.SubscribeAsync(new { webhook = receiver.Address + "/bad", types = new[] { Inputs.Demo } })).Uri;
        JsonElement told = await _anna.RunHookedAsync("http://127.0.0.1:1/", "?tag.team=maps");
        JsonElement[] dead = await _anna.WaitForDeliveriesAsync(told.Text("uri") + "/deliveries", all => all.Count(one => one.Text("state") == "dead") == 2);
        await AskAsync($"GET {Operation}/deliveries", told.Text("uri") + "/deliveries?pageSize=1");
        await AskAsync("GET /deliveries", "/deliveries?pageSize=1");
        foreach (JsonElement one in dead)
        {
            await AskAsync("GET /deliveries/{delivery}", one.Text("uri")!);
        }

        await AskAsync("GET /subscriptions", "/subscriptions?pageSize=1");
        await AskAsync("GET /subscriptions/{subscription}", bad);
        await AskAsync("POST /deliveries/{delivery}/redeliver", dead[0].Text("uri") + "/redeliver");
        await AskAsync("POST /deliveries/redeliver", "/deliveries/redeliver?operation=" + Uri.EscapeDataString(told.Text("uri")!));
        await AskAsync($"GET {Operation}/history", told.Text("uri") + "/history");
        await AskAsync("DELETE /subscriptions/{subscription}", bad);
        await WaitUntilDisabledAsync(receiver);
    }

    /// <summary>A receiver that answers 410 wants to hear no more.</summary>
    private async Task WaitUntilDisabledAsync(WebhookReceiver receiver)
    {
        await using WebhookReceiver gone = await WebhookReceiver.AnsweringAsync(410);
        string uri = (await _anna.SubscribeAsync(new { webhook = gone.Address, types = new[] { Inputs.Demo } })).Uri;
        JsonElement ended = await _anna.RunHookedAsync(receiver.Address);
        await _anna.WaitForDeliveriesAsync(uri + "/deliveries", all => all.Any(one => one.GetProperty("attempts").GetArrayLength() > 0));
        (await AskAsync("GET /subscriptions/{subscription}", uri)).Json.Has("disabledReason").ShouldBeTrue();
        Answer history = await AskAsync($"GET {Operation}/history", await HistoryOfEverythingAsync(ended));
        history.Json.GetProperty("events").GetArrayLength().ShouldBePositive();
    }

    private async Task<string> HistoryOfEverythingAsync(JsonElement ended)
    {
        await _anna.PatchAsync(ended.Text("uri")!, Soon());
        await _anna.PostAsync(ended.Text("uri") + "/resubmit");
        return ended.Text("uri") + "/history";
    }

    private async Task AskMailboxesAsync()
    {
        await _anna.RunIntoAsync("one");
        await _anna.RunIntoAsync("two");
        await AskAsync("GET /mailboxes", "/mailboxes?pageSize=1");
        string id = (await AskAsync("GET /mailboxes/{mailbox}", "/mailboxes/one", headers: [("Prefer", "wait=5")])).Messages().Ids().Single();
        await AskAsync("GET /mailboxes/{mailbox}/{message}", "/mailboxes/one/" + id);
        await AskAsync("DELETE /mailboxes/{mailbox}", "/mailboxes/one?upTo=" + id);
        await AskAsync("DELETE /mailboxes/{mailbox}/{message}", "/mailboxes/one/" + id);
    }

    /// <summary>A problem of each code, and one of each kind that has members of its own.</summary>
    private async Task AskProblemsAsync(GatewayServer server)
    {
        await AskAsync($"POST {Type}", "/operations/demo.steps", new { steps = -1 }, 400);
        await AskAsync($"GET {Type}", "/operations/demo.steps?pageSize=no", code: 400);
        await AskAsync($"GET {Type}", "/operations/nothing", code: 404);
        await AskAsync($"GET {Operation}", "/operations/demo.steps/nothing", code: 404);
        await AskAsync($"PUT {Operation}", "/operations/demo.steps/mine", new { steps = 2, stepMs = 0 }, 409);
        await AskAsync($"POST {Type}", "/operations/demo.steps", new string('x', 2 << 20), 413);
        await AskAsync($"POST {Type}", "/operations/demo.steps", code: 415);
        await AskAsync($"POST {Type}", "/operations/demo.steps?delay=PT1H", Inputs.Quick, 202, ("Idempotency-Key", "key"));
        await AskAsync($"POST {Type}", "/operations/demo.steps", Inputs.Empty, 400, ("Idempotency-Key", "key"));
        await AskAsync($"POST {Type}", "/operations/demo.steps", new { steps = 2, stepMs = 0 }, 422, ("Idempotency-Key", "key"));
        await _anna.DeleteAsync("/operations/demo.steps/mine");
        await AskAsync($"GET {Operation}", "/operations/demo.steps/mine", code: 410);
        using GatewayClient nobody = server.ClientWith(null);
        _api.ShouldTell("GET /operations", (await nobody.GetAsync("/operations")).ShouldBe(401));
        using GatewayClient carl = server.ClientWith(Keys.Of("carl"));
        _api.ShouldTell($"POST {Type}", (await carl.PostAsync("/operations/demo.steps", Inputs.Quick)).ShouldBe(403));

        await using GatewayServer strict = await GatewayServer.StartAsync(new() { ["Polling:Mode"] = "strict", ["Mailboxes:Capacity"] = "1" });
        string uri = (await strict.Client.SubmitAsync(Inputs.Demo, Inputs.Endless, "?delay=PT1H")).Uri;
        _api.ShouldTell($"GET {Operation}", (await strict.Client.GetAsync(uri)).ShouldBe(429));
        await strict.Client.RunIntoAsync("small");
        _api.ShouldTell($"POST {Type}", (await strict.Client.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook = "mailbox:small" })).ShouldBe(429));
    }

    private async Task AskRelayAsync(GatewayServer server, SlowService service)
    {
        using GatewayClient rita = server.ClientWith(Keys.Of("rita"));
        _api.ShouldTell("GET /operation-types", await rita.GetAsync("/operation-types"));
        (await rita.PostAsync("/reports/1", new { })).ShouldBe(202);
        ServiceRequest request = await service.NextAsync();
        using GatewayClient reporter = server.ClientWith(null);
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Patch, HttpMethod.Post])
        {
            _api.ShouldTell($"{method} {Operation}/report", (await reporter.SendAsync(method, new Uri(request.ReportUri).AbsolutePath, null, ("Authorization", "Bearer " + request.ReportToken))).ShouldBe(204));
        }
    }

    private async Task<Answer> AskAsync(string operation, string path, object? body = null, int? code = null, params (string Name, string Value)[] headers) =>
        await AskAsync(operation, path, body, code, bodyIsDescribed: true, headers);

    private async Task<Answer> AskAsync(string operation, string path, object? body, int? code, bool bodyIsDescribed, params (string Name, string Value)[] headers)
    {
        Answer answer = await _anna.SendAsync(new HttpMethod(operation.Split(' ')[0]), path, GatewayClient.Json(body), headers);
        if (code is { } expected)
        {
            answer.ShouldBe(expected);
        }

        return bodyIsDescribed ? _api.ShouldTell(operation, answer) : answer;
    }

    private static Expiry Soon() => new(GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1)));

    private sealed record Expiry(string ExpiresAt);
}
