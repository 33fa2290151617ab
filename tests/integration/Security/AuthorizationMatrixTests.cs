using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using RealtimeOps.Hosting.Security;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Every route that the server has, asked by everybody who may come: the answer follows from the table below, which is that of docs/api.md. A route that is missing there fails the test.</summary>
public sealed class AuthorizationMatrixTests
{
    /// <summary>Served to everybody.</summary>
    private static readonly string[] Open = ["/health/live", "/health/ready", "/hangfire", "/openapi/v1.json"];

    private static readonly Dictionary<string, Door> Doors = new()
    {
        ["GET /session"] = new("", Kind.Common),
        ["POST /session"] = new("", Kind.Common),
        ["DELETE /session"] = new("", Kind.Common),
        ["GET /operation-types"] = new("submit read manage", Kind.Common),
        ["GET /operations"] = new("read", Kind.List),
        ["GET /operations/{type}"] = new("read", Kind.List),
        ["POST /operations/{type}"] = new("submit", Kind.Common),
        ["PUT /operations/{type}/{id}"] = new("submit", Kind.Put),
        ["GET /operations/{type}/{id}"] = new("read", Kind.One),
        ["GET /operations/{type}/{id}/result"] = new("read", Kind.One),
        ["GET /operations/{type}/{id}/input"] = new("read", Kind.One),
        ["GET /operations/{type}/{id}/history"] = new("read", Kind.One),
        ["GET /operations/{type}/{id}/deliveries"] = new("read", Kind.One),
        ["POST /operations/{type}/{id}/links"] = new("read", Kind.One),
        ["POST /operations/{type}/{id}/cancel"] = new("submit manage", Kind.OneToChange),
        ["POST /operations/{type}/{id}/resubmit"] = new("submit manage", Kind.OneToChange),
        ["PATCH /operations/{type}/{id}"] = new("manage", Kind.OneToChange),
        ["DELETE /operations/{type}/{id}"] = new("manage", Kind.OneToChange),
        ["PATCH /operations/{type}/{id}/report"] = new("", Kind.Service),
        ["POST /operations/{type}/{id}/report"] = new("", Kind.Service),
        ["PUT /reports/{**path}"] = new("submit", Kind.Common),
        ["GET /reports/{**path}"] = new("submit read", Kind.Common),
        ["GET /subscriptions"] = new("read", Kind.List),
        ["POST /subscriptions"] = new("manage", Kind.Common),
        ["GET /subscriptions/{subscription}"] = new("read", Kind.One),
        ["PATCH /subscriptions/{subscription}"] = new("manage", Kind.OneToChange),
        ["DELETE /subscriptions/{subscription}"] = new("manage", Kind.OneToChange),
        ["POST /subscriptions/{subscription}/pause"] = new("manage", Kind.OneToChange),
        ["POST /subscriptions/{subscription}/resume"] = new("manage", Kind.OneToChange),
        ["POST /subscriptions/{subscription}/test"] = new("manage", Kind.OneToChange),
        ["POST /subscriptions/{subscription}/rotate-secret"] = new("manage", Kind.OneToChange),
        ["GET /subscriptions/{subscription}/deliveries"] = new("read", Kind.One),
        ["GET /deliveries"] = new("read", Kind.List),
        ["GET /deliveries/{delivery}"] = new("read", Kind.One),
        ["POST /deliveries/{delivery}/redeliver"] = new("manage", Kind.OneToChange),
        ["POST /deliveries/redeliver"] = new("manage", Kind.List),
        ["GET /mailboxes"] = new("read", Kind.List),
        ["GET /mailboxes/{mailbox}"] = new("read", Kind.OneToChange),
        ["DELETE /mailboxes/{mailbox}"] = new("submit manage", Kind.OneToChange),
        ["GET /mailboxes/{mailbox}/{message}"] = new("read", Kind.One),
        ["DELETE /mailboxes/{mailbox}/{message}"] = new("submit manage", Kind.OneToChange),
        ["POST /hubs/operations"] = new("", Kind.Hub),
        ["POST /hubs/operations/negotiate"] = new("", Kind.Hub),
        ["GET /hangfire/{**path}"] = new("", Kind.Hub),
    };

    private static readonly string[] Scopes = ["submit", "read", "manage", "admin.read", "admin"];

    private int _count;

    private enum Kind
    {
        /// <summary>Names nothing that belongs to anybody.</summary>
        Common,

        /// <summary>Shows, or touches, what is the caller's.</summary>
        List,

        /// <summary>Names one thing, to look at it.</summary>
        One,

        /// <summary>Names one thing, to change it.</summary>
        OneToChange,

        /// <summary>Names an id that may be taken.</summary>
        Put,

        /// <summary>For services with a token of their own, and no caller.</summary>
        Service,

        /// <summary>Judges its callers itself.</summary>
        Hub,
    }

    [Fact]
    public async Task Routes_All_SayWhoMayUseThem()
    {
        await using GatewayServer server = await GatewayServer.StartAsync(Route("http://127.0.0.1:9"));

        foreach (RouteEndpoint route in Routes(server))
        {
            if (!Open.Contains(Pattern(route)))
            {
                route.Metadata.GetMetadata<AccessRule>().ShouldNotBeNull(Name(route));
                Doors.Keys.ShouldContain(Name(route));
            }
        }
    }

    [Fact]
    public async Task Routes_AskedByEverybody_AnswerAsTheTableSays()
    {
        await using SlowService service = await SlowService.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"));
        await using GatewayServer server = await GatewayServer.StartAsync(new(new Keys().With("carl", "read").Settings().Concat(Tokens.Settings).Concat(Route(service.Address))));
        using GatewayClient anna = server.ClientWith(Tokens.For("anna", "submit read manage"));
        foreach (string name in Routes(server).Where(route => !Open.Contains(Pattern(route))).Select(Name).Where(name => Doors[name].Kind is not Kind.Hub))
        {
            Door door = Doors[name];
            foreach (string? nobody in (string?[])[null, "wrong", Tokens.For("anna", "admin", expiresAt: TimeProvider.System.GetUtcNow().AddMinutes(-1)), Tokens.For("anna", "admin", secret: new string('x', 40))])
            {
                Answer answer = await AskAsync(server, nobody, name, await ThingsAsync(anna));
                if (door.Scopes.Length > 0 || nobody is not null)
                {
                    answer.ShouldBeProblem(401, "unauthorized");
                }
            }

            foreach (string scope in Scopes)
            {
                await JudgeAsync(server, anna, "anna", scope, name, door);
                await JudgeAsync(server, anna, "bob", scope, name, door);
            }
        }
    }

    private async Task JudgeAsync(GatewayServer server, GatewayClient anna, string subject, string scope, string name, Door door)
    {
        string who = $"{subject} with {scope}: {name}";
        Dictionary<string, string> things = await ThingsAsync(anna);
        Answer answer = await AskAsync(server, Tokens.For(subject, scope), name, things);
        bool isTheirs = subject == "anna" || scope == "admin" || (scope == "admin.read" && door.Kind is not Kind.OneToChange);
        if (!door.Allows(scope))
        {
            answer.ShouldBeProblem(403, "forbidden");
            answer["WWW-Authenticate"]!.ShouldContain("insufficient_scope");
            answer.Json.Text("detail")!.ShouldContain(door.Scopes.Split(' ')[0]);
        }
        else if (door.Kind is Kind.Service)
        {
            answer.ShouldBeProblem(401, "unauthorized");
        }
        else if (door.Kind is Kind.Put && subject != "anna")
        {
            answer.ShouldBeProblem(409, "conflict").Json.TryGetProperty("differences", out _).ShouldBeFalse(who);
        }
        else if (isTheirs || door.Kind is Kind.Common)
        {
            new[] { 401, 403, 404, 500 }.ShouldNotContain(answer.Code, who);
            if (name.StartsWith("GET", StringComparison.Ordinal) && door.Kind is Kind.List)
            {
                things.Values.Any(thing => answer.Text.Contains(thing, StringComparison.Ordinal)).ShouldBeTrue(who);
            }
        }
        else if (door.Kind is Kind.List)
        {
            answer.Code.ShouldBeOneOf(200, 202);
            things.Values.ShouldAllBe(thing => !answer.Text.Contains(thing, StringComparison.Ordinal), who);
        }
        else
        {
            ShouldBeAlike(answer.ShouldBeProblem(404, "not-found"), await AskAsync(server, Tokens.For(subject, scope), name, Nothing), name);
        }
    }

    /// <summary>What is somebody else's looks like what is not there.</summary>
    private static void ShouldBeAlike(Answer foreign, Answer missing, string name)
    {
        if (name == "GET /mailboxes/{mailbox}" || name.StartsWith("DELETE /mailboxes", StringComparison.Ordinal))
        {
            // A name that nobody has used is an empty mailbox of whoever asks.
            return;
        }

        missing.ShouldBe(foreign.Code);
        foreach (string member in (string[])["type", "title", "status", "detail"])
        {
            foreign.Json.GetProperty(member).GetRawText().ShouldBe(missing.Json.GetProperty(member).GetRawText(), name);
        }

        foreign.Json.EnumerateObject().Select(member => member.Name).ShouldBe(missing.Json.EnumerateObject().Select(member => member.Name));
        foreach (string header in (string[])["Cache-Control", "ETag", "Link", "Location", "RateLimit", "Vary", "WWW-Authenticate"])
        {
            foreign[header].ShouldBe(missing[header], name);
        }
    }

    private static readonly Dictionary<string, string> Nothing = new()
    {
        ["id"] = "there-is-no-such-thing",
        ["subscription"] = "there-is-no-such-thing",
        ["delivery"] = "there-is-no-such-thing",
        ["mailbox"] = "there-is-no-such-thing",
        ["message"] = "msg_01hzzzzzzzzzzzzzzzzzzzzzzz",
    };

    /// <summary>One of each, new, and Anna's.</summary>
    private async Task<Dictionary<string, string>> ThingsAsync(GatewayClient anna)
    {
        string mailbox = $"anna-box-{++_count}";
        JsonElement ended = await anna.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, webhook = "mailbox:" + mailbox });
        string message = (await anna.GetAsync(ended.Text("uri") + "/deliveries")).Json.GetProperty("deliveries")[0].Text("id")!;
        string subscription = (await anna.PostAsync("/subscriptions", new { webhook = "mailbox:" + mailbox, types = new[] { Inputs.Csv } })).ShouldBe(201).Json.Text("id")!;
        return new() { ["id"] = ended.Text("id")!, ["subscription"] = subscription, ["delivery"] = message, ["mailbox"] = mailbox, ["message"] = message };
    }

    private async Task<Answer> AskAsync(GatewayServer server, string? credential, string name, Dictionary<string, string> things)
    {
        using GatewayClient client = server.ClientWith(credential);
        (string method, string path) = name.Split(' ') is [var verb, var pattern] ? (verb, pattern) : throw new InvalidOperationException(name);
        path = path.Replace("{type}", Inputs.Demo, StringComparison.Ordinal).Replace("{**path}", "x", StringComparison.Ordinal);
        foreach ((string thing, string id) in things)
        {
            path = path.Replace("{" + thing + "}", id, StringComparison.Ordinal);
        }

        object? body = name switch
        {
            "POST /operations/{type}" or "PUT /operations/{type}/{id}" => Inputs.Quick,
            "POST /subscriptions" => new { webhook = $"mailbox:box-{++_count}", types = new[] { Inputs.Csv } },
            "POST /session" => new { key = Keys.Of("carl") },
            _ when path.EndsWith("/links", StringComparison.Ordinal) || method == "PATCH" => new { expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1)) },
            _ => null,
        };
        return await client.SendAsync(new HttpMethod(method), name == "DELETE /mailboxes/{mailbox}" ? path + "?upTo=" + things["message"] : path, GatewayClient.Json(body));
    }

    private static Dictionary<string, string?> Route(string target) => new() { ["Relay:Routes:0:Path"] = "/reports/**", ["Relay:Routes:0:Target"] = target, ["Relay:ReportUrl"] = "http://gateway.example" };

    private static IEnumerable<RouteEndpoint> Routes(GatewayServer server) => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static string Pattern(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.Trim('/');

    private static string Name(RouteEndpoint route) => $"{route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.FirstOrDefault() ?? (Pattern(route).StartsWith("/hangfire", StringComparison.Ordinal) ? "GET" : "POST")} {Pattern(route)}";

    /// <param name="Scopes">Any one of these is needed.</param>
    /// <param name="Kind">Whose things it is about.</param>
    private sealed record Door(string Scopes, Kind Kind)
    {
        public bool Allows(string scope) => Scopes.Length == 0 || scope == "admin" || Scopes.Split(' ').Contains(scope == "admin.read" ? "read" : scope);
    }
}
