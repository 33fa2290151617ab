using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using RealtimeOps.TestSupport;
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Security;

/// <summary>Secrets and payloads are planted wherever a client can put them; neither the log, at its most talkative, nor any problem may repeat one.</summary>
public sealed class NoSecretsTests
{
    private const string Payload = "planted-payload-word";
    private const string WebhookSecret = "whsec_cGxhbnRlZC13ZWJob29rLXNlY3JldC13b3JkLWhlcmU=";
    private const string LinkKey = "cGxhbnRlZC1saW5rLWtleS1wbGFudGVkLWxpbmsta2V5ISE=";
    private const string Wrong = "planted-wrong-credential";

    [Fact]
    public async Task LogAndProblems_WhateverIsSent_HoldNoSecretAndNoPayload()
    {
        Dictionary<string, string?> settings = new(new Keys().With("anna", "submit read manage").Settings().Concat(Tokens.Settings)) { ["Webhooks:Secret"] = WebhookSecret, ["Security:LinkKey"] = LinkKey };
        string token = Tokens.For("bob", "submit read manage");
        string key = Keys.Of("anna");
        var planted = new List<string> { Payload, WebhookSecret, LinkKey, Wrong, token, token.Split('.')[1], token.Split('.')[2], key, Tokens.Secret, Keys.Sha256(key), "cGxhbnRl" };
        var said = new List<string>();
        await using (GatewayServer server = await GatewayServer.StartAsync(settings, logFrom: LogLevel.Debug))
        {
            using GatewayClient anna = server.ClientWith(key);
            using GatewayClient bob = server.ClientWith(token);
            string uri = (await anna.RunAsync(Inputs.Demo, new { steps = 1, stepMs = 0, message = "done", result = Payload, webhook = "mailbox:anna" })).Text("uri")!;
            await bob.RunAsync(Inputs.Script, new { text = Payload });
            string link = (await anna.PostAsync(uri + "/links", new { expiresAt = GatewayClient.Text(TimeProvider.System.GetUtcNow().AddHours(1)) })).Uri;
            planted.Add(link.Split("?link=")[1]);
            Answer session = await server.Client.PostAsync("/session", new { key });
            string cookie = session["Set-Cookie"]!.Split(';')[0];
            planted.Add(cookie.Split('=')[1]);
            string secret = (await anna.PostAsync("/subscriptions/" + (await anna.PostAsync("/subscriptions", new { webhook = "mailbox:anna" })).Json.Text("id") + "/rotate-secret")).Json.Text("secret")!;
            planted.Add(secret);

            foreach (Func<Task<Answer>> ask in (Func<Task<Answer>>[])
            [
                () => server.Client.GetAsync(link),
                () => server.Client.GetAsync(link + "x"),
                () => server.Client.GetAsync(link.Replace("?link", "/result?link", StringComparison.Ordinal)),
                () => server.Client.GetAsync("/operations?access_token=" + key),
                () => server.Client.GetAsync("/nothing/here?access_token=" + key),
                () => server.Client.PostAsync("/hubs/operations/negotiate?negotiateVersion=1&access_token=" + key),
                () => server.Client.PostAsync("/hubs/operations/negotiate?negotiateVersion=1&access_token=" + token + "x"),
                () => server.Client.GetAsync("/operations", ("Authorization", "Bearer " + Wrong)),
                () => server.Client.GetAsync("/operations", ("Authorization", Wrong)),
                () => server.Client.GetAsync("/operations", ("X-Api-Key", Wrong)),
                () => server.Client.GetAsync("/operations", ("Authorization", "Bearer " + token + "x")),
                () => server.Client.GetAsync("/operations", ("Authorization", "Bearer " + token.Replace('.', '!'))),
                () => server.Client.GetAsync("/operations", ("Cookie", cookie)),
                () => server.Client.GetAsync("/operations", ("Cookie", cookie + "x")),
                () => server.Client.PostAsync("/session", new { key = Wrong }),
                () => server.Client.PostAsync("/session", "{\"key\": \"" + Wrong),
                () => anna.PostAsync("/operations/demo.steps", new { steps = Payload }),
                () => anna.PostAsync("/operations/demo.steps", "{\"steps\": 1, \"" + Payload),
                () => anna.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, failAt = 1, message = "failed" }),
                () => anna.PostAsync("/operations/demo.steps", new { steps = 1, stepMs = 0, webhook = "ftp://" + Payload }),
                () => anna.PostAsync("/operations/test.script", new { number = Payload }),
                () => anna.PutAsync(uri, new { steps = 2, stepMs = 0, message = Payload }),
                () => anna.PostAsync("/subscriptions", new { webhook = Payload, types = new[] { Inputs.Demo } }),
                () => anna.GetAsync("/mailboxes/anna"),
                () => bob.GetAsync("/mailboxes/anna"),
                () => anna.SendAsync(HttpMethod.Post, "/operations/csv.profile", GatewayClient.Body($"a,b\n{Payload},\"", "text/csv"), ("Prefer", "wait=10")),
            ])
            {
                Answer answer = await ask();
                if (answer.Code >= 400)
                {
                    said.Add(answer.Text);
                }
            }

            await RawHttp.SendAsync(server.Client.Address, $"GET /operations HTTP/1.1\nHost: a\nAuthorization: Bearer {key}\0\n\n");
            await RawHttp.SendAsync(server.Client.Address, $"GET /hubs/operations?access_token={key} HTTP/0\nHost: a\n\n");
            using HubClient hub = await HubClient.ConnectAsync(server.Client.Address, token: key);
            await hub.StreamAsync("Watch", link, null);
            await hub.NextItemAsync();
            using HubClient forger = await HubClient.ConnectAsync(server.Client.Address);
            await forger.StreamAsync("Watch", link + "x", null);
            said.Add((await Should.ThrowAsync<InvalidOperationException>(forger.NextItemAsync)).Message);
            await Should.ThrowAsync<WebSocketException>(() => HubClient.ConnectAsync(server.Client.Address, token: Wrong));
            said.AddRange(server.TakeLog());
            said.Count.ShouldBeGreaterThan(100);
        }

        foreach (string secret in planted)
        {
            said.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(secret);
        }
    }
}
