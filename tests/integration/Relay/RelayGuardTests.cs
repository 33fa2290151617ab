using System.Text.Json;
using RealtimeOps.IntegrationTests.Security;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Relay;

/// <summary>Nobody gets further through a route than its service, and nothing gets there that is not meant for it.</summary>
public sealed class RelayGuardTests
{
    [Theory]
    [InlineData("/reports/../secret")]
    [InlineData("/reports/a/../../../secret")]
    [InlineData("/reports/./x")]
    [InlineData("/reports/..")]
    [InlineData("/reports/%2e%2e/secret")]
    [InlineData("/reports/.%2E/secret")]
    [InlineData("/reports/%252e%252e/secret")]
    [InlineData("/reports/%25252e%25252e/secret")]
    [InlineData("/reports/..%2fsecret")]
    [InlineData("/reports/..%5csecret")]
    [InlineData("/reports/..%252fsecret")]
    [InlineData("/reports/..;x=1/secret")]
    [InlineData("/reports/a%2fb")]
    [InlineData("/reports//evil.example/x")]
    [InlineData("/reports/\\evil.example\\x")]
    [InlineData("/reports/@evil.example/../../x")]
    [InlineData("/x/../reports/a")]
    [InlineData("/x/%2e%2e/reports/a")]
    [InlineData("//reports/a")]
    [InlineData("/reports/a%00b")]
    [InlineData("/reports/a|b")]
    public async Task Path_ThatMightLeadOut_ReachesNothing(string target)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "reached"), "/base/");

        foreach (string method in (string[])["POST", "GET"])
        {
            string answer = await RawHttp.SendAsync(
                relayed.Client.Address, $"{method} {target} HTTP/1.1\nHost: {relayed.Client.Address.Authority}\nContent-Length: 0\nConnection: close\n\n");
            answer.ShouldMatch("^HTTP/1.1 (400|404|405) ");
        }

        relayed.Service.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/reports/%41%7e/x%20y/%C3%A4?q=%2F..%2F&q=a+b", "/base/%41%7e/x%20y/%C3%A4?q=%2F..%2F&q=a+b")]
    [InlineData("/reports/@evil.example:80/x", "/base/@evil.example:80/x")]
    [InlineData("/reports/...", "/base/...")]
    [InlineData("/reports/", "/base/")]
    [InlineData("/reports", "/base")]
    [InlineData("/Reports/x", "/base/x")]
    [InlineData("ABSOLUTE/reports/a?b", "/base/a?b")]
    public async Task Path_BelowTheRoute_IsPassedOnAsItIs(string target, string expected)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "reached"), "/base/");
        string authority = relayed.Client.Address.Authority;
        target = target.Replace("ABSOLUTE", "http://" + authority, StringComparison.Ordinal);

        (await RawHttp.SendAsync(relayed.Client.Address, $"POST {target} HTTP/1.1\nHost: {authority}\nContent-Length: 0\nConnection: close\n\n")).ShouldStartWith("HTTP/1.1 202");

        (await relayed.Service.NextAsync()).Target.ShouldBe(expected);
    }

    [Fact]
    public async Task Headers_NotListed_StayHere()
    {
        await using Relayed relayed = await Relayed.StartAsync(
            context => SlowService.AnswerAsync(context, 200, "1"), keys: new Keys().With("anna", "submit read"), settings: [("Relay:Routes:0:Headers:0", "X-Tenant"), ("Relay:Routes:0:Headers:1", "X-Hop")]);
        (string, string)[] headers =
        [
            ("Authorization", "Bearer " + Keys.Of("anna")), ("X-Api-Key", "secret"), ("Cookie", "a=b"), ("X-Tenant", "acme"), ("X-Other", "1"), ("X-Hop", "1"), ("Connection", "X-Hop"), ("TE", "trailers"),
            ("Operation-Report-Uri", "http://evil.example"), ("Operation-Options", "tag.a=b"), ("Prefer", "respond-async"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ];

        (await relayed.Client.SendAsync(HttpMethod.Post, "/reports/1", GatewayClient.Json("{}"), headers)).ShouldBe(202);
        ServiceRequest relayedRequest = await relayed.Service.NextAsync();
        (await relayed.Client.SendAsync(HttpMethod.Get, "/reports/1", null, headers)).ShouldBe(200);
        ServiceRequest passed = await relayed.Service.NextAsync();

        string[] sent = ["Host", "Content-Type", "Content-Length", "Accept-Encoding", "X-Tenant", "Operation-Report-Uri", "Operation-Report-Token", "traceparent"];
        relayedRequest.Headers.Keys.ShouldBe(sent, ignoreOrder: true, string.Join(',', relayedRequest.Headers.Keys));
        relayedRequest.ReportUri.ShouldStartWith(Relayed.ReportUrl + "/operations/reports/");
        relayedRequest.Headers["traceparent"].ShouldContain("0af7651916cd43dd8448eb211c80319c");
        passed.Headers.Keys.Except(["traceparent"]).ShouldBe(["Host", "X-Tenant"], ignoreOrder: true);
    }

    [Fact]
    public async Task Headers_Listed_IncludeTheCredentialIfSomebodyWantsThat()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"), settings: [("Relay:Routes:0:Headers:0", "Authorization")]);

        await relayed.SubmitAsync(HttpMethod.Post, "/reports/1", "{}", ("Authorization", "Basic Zm9v"));

        (await relayed.Service.NextAsync()).Headers["Authorization"].ShouldBe("Basic Zm9v");
    }

    [Fact]
    public async Task Get_Passed_IsTheServicesAnswerUnchanged()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(
            context, 203, "text/csv", "a,b\n", ("ETag", "\"7\""), ("Link", "</next>; rel=\"next\""), ("Set-Cookie", "realtimeops=stolen"), ("Keep-Alive", "timeout=5"), ("X-Pages", "3")));

        Answer answer = (await relayed.Client.GetAsync("/reports/2026?full=1", ("Range", "bytes=0-3"), ("If-None-Match", "\"8\""))).ShouldBe(203);

        answer.Text.ShouldBe("a,b\n");
        (answer["Content-Type"], answer["ETag"], answer["Link"], answer["X-Pages"], answer["Set-Cookie"], answer["Keep-Alive"]).ShouldBe(("text/csv", "\"7\"", "</next>; rel=\"next\"", "3", null, null));
        answer["Content-Security-Policy"].ShouldNotBeNull();
        ServiceRequest request = await relayed.Service.NextAsync();
        (request.Method, request.Target, request.Headers["Range"], request.Headers["If-None-Match"]).ShouldBe(("GET", "/2026?full=1", "bytes=0-3", "\"8\""));
        request.Headers.Keys.ShouldNotContain("Operation-Report-Token");
        (await relayed.Client.SendAsync(HttpMethod.Head, "/reports/2026", null)).ShouldBe(203)["ETag"].ShouldBe("\"7\"");
    }

    /// <summary>What its server writes beyond ASCII comes through byte for byte.</summary>
    [Fact]
    public async Task Get_WithHeadersBeyondAscii_ReturnsThemUnchanged()
    {
        const string head = "HTTP/1.1 200 OK\r\nX-Name: \u00e4\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync, settings: [("Relay:Routes:0:Target", $"http://{listener.LocalEndpoint}")]);

        Task<Answer> asked = relayed.Client.GetAsync("/reports/1");
        using (System.Net.Sockets.TcpClient connection = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().Limited())
        {
            (await connection.GetStream().ReadAtLeastAsync(new byte[4096], 1, cancellationToken: TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0);
            await connection.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(head), TestContext.Current.CancellationToken);
        }

        (await asked.Limited()).ShouldBe(200)["X-Name"].ShouldBe("\u00e4");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(304)]
    public async Task Get_WithoutABody_HasNoneFromTheGateway(int code)
    {
        await using Relayed relayed = await Relayed.StartAsync(context =>
        {
            context.Response.StatusCode = code;
            return Task.CompletedTask;
        });

        (await relayed.Client.GetAsync("/reports/1")).ShouldBe(code).Body.ShouldBeEmpty();
    }

    [Fact]
    public async Task Get_OfARedirect_IsHandedOutAndNotFollowed()
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 302, "", ("Location", "http://elsewhere.example/")));

        (await relayed.Client.GetAsync("/reports/1")).ShouldBe(302)["Location"].ShouldBe("http://elsewhere.example/");
    }

    [Fact]
    public async Task Get_OfAServiceThatIsDown_IsABadGateway()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);
        await relayed.Service.DisposeAsync();

        (await relayed.Client.GetAsync("/reports/1")).ShouldBeProblem(502, "bad-gateway");
    }

    [Fact]
    public async Task Get_Refused_ReachesNothing_AndOtherMethodsNeither()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync, settings: [("Relay:Routes:0:Get", "refuse")]);

        foreach (string method in (string[])["GET", "PATCH", "TRACE"])
        {
            (await relayed.Client.SendAsync(new HttpMethod(method), "/reports/1", null)).ShouldBeProblem(405, "method-not-allowed")["Allow"]!.ShouldContain("POST");
        }

        relayed.Service.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(202, "Location", "http://169.254.169.254/latest")]
    [InlineData(202, "Location", "//evil.example/x")]
    [InlineData(202, "Location", "https://127.0.0.1/x")]
    [InlineData(202, "Location", "file:///etc/passwd")]
    [InlineData(202, "Operation-Location", "http://evil.example/x")]
    [InlineData(303, "Location", "http://evil.example/x")]
    [InlineData(307, "Location", "http://evil.example/x")]
    [InlineData(308, "Location", "http://user@evil.example/x")]
    [InlineData(302, "Location", "/here")]
    public async Task Service_PointingElsewhere_IsNotFollowed(int code, string header, string location)
    {
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, code, "", (header, location)));

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1");

        final.Number("status").ShouldBe(502, final.ToString());
        relayed.Service.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Redirect_WithinTheService_TakesTheBodyAlong()
    {
        string body = "";
        await using Relayed relayed = await Relayed.StartAsync(async context =>
        {
            if (context.Request.Path == "/1")
            {
                await SlowService.AnswerAsync(context, 307, "", ("Location", "/2"));
                return;
            }

            body = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
            await SlowService.AnswerAsync(context, 200, "1");
        });

        (await relayed.RunAsync(HttpMethod.Post, "/reports/1", "{\"a\":1}")).Number("status").ShouldBe(0);
        body.ShouldBe("{\"a\":1}");
    }

    [Fact]
    public async Task Monitor_AtAConfiguredOrigin_IsAsked_WithoutTheCredential()
    {
        await using SlowService files = await SlowService.StartAsync(context => SlowService.AnswerAsync(context, 200, "text/plain", "there"));
        await using Relayed relayed = await Relayed.StartAsync(
            context => SlowService.AnswerAsync(context, 202, "", ("Location", files.Address + "/x"), ("Retry-After", "0")),
            settings: [("Relay:Routes:0:Origins:0", files.Address), ("Relay:Routes:0:Headers:0", "Authorization")]);

        JsonElement final = await relayed.RunAsync(HttpMethod.Post, "/reports/1", "{}", ("Authorization", "Basic Zm9v"));

        (await relayed.ResultAsync(final)).Text.ShouldBe("there");
        (await files.NextAsync()).Headers.Keys.ShouldNotContain("Authorization");
    }

    [Fact]
    public async Task Callers_SeeWhatIsTheirs_AndNeedTheScope()
    {
        Keys keys = new Keys().With("anna", "submit read").With("bob", "submit read").With("rita", "read").With("carl", "manage").With("tim", "submit read", types: "demo.steps");
        await using Relayed relayed = await Relayed.StartAsync(context => SlowService.AnswerAsync(context, 200, "1"), keys: keys);
        using GatewayClient anna = relayed.Server.ClientWith(Keys.Of("anna"));
        using GatewayClient bob = relayed.Server.ClientWith(Keys.Of("bob"));
        using GatewayClient rita = relayed.Server.ClientWith(Keys.Of("rita"));
        using GatewayClient carl = relayed.Server.ClientWith(Keys.Of("carl"));
        using GatewayClient tim = relayed.Server.ClientWith(Keys.Of("tim"));

        string uri = (await anna.PostAsync("/reports/1", new { })).ShouldBe(202).Uri;
        await anna.WaitForEndAsync(uri);
        (await bob.GetAsync(uri)).ShouldBeProblem(404, "not-found");
        (await bob.GetAsync(uri + "/result")).ShouldBeProblem(404, "not-found");
        (await bob.PostAsync(uri + "/resubmit")).ShouldBeProblem(404, "not-found");
        (await relayed.Client.PostAsync("/reports/1", new { })).ShouldBeProblem(401, "unauthorized");
        (await relayed.Client.GetAsync("/reports/1")).ShouldBeProblem(401, "unauthorized");
        (await rita.PostAsync("/reports/1", new { })).ShouldBeProblem(403, "forbidden");
        (await rita.GetAsync("/reports/1")).ShouldBe(200);
        (await carl.GetAsync("/reports/1")).ShouldBeProblem(403, "forbidden");
        (await tim.PostAsync("/reports/1", new { })).ShouldBeProblem(404, "unknown-type");
        (await tim.GetAsync("/reports/1")).ShouldBeProblem(404, "unknown-type");

        relayed.Service.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Page_OfAnotherSite_MayNotSubmit()
    {
        await using Relayed relayed = await Relayed.StartAsync(SlowService.HangAsync);

        (await relayed.Client.PostAsync("/reports/1", new { }, ("Origin", "https://evil.example"))).ShouldBeProblem(403, "foreign-origin");

        relayed.Service.All.ShouldBeEmpty();
    }
}
