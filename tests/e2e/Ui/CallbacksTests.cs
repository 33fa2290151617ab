using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>Subscriptions, their messages, and mailboxes.</summary>
public sealed class CallbacksTests
{
    private static readonly string[] Settings = ["--Webhooks:AllowedTargets:0", "127.0.0.0/8", "--Webhooks:RetrySchedule:0", "00:00:00.1"];

    [Fact(Timeout = 120_000)]
    public async Task Subscription_FromItsFormToItsEnd_IsManagedHere()
    {
        await using UiSite site = await UiSite.StartAsync(Settings);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        site.Chromium.ExpectErrors("status of 400");
        UiPage shown = await site.OpenAsync("/ui/callbacks");
        IPage page = shown.Page;
        await Expect(page.GetByText("Nobody has subscribed yet")).ToBeVisibleAsync();

        await Button(page, "New subscription").ClickAsync();
        await page.GetByLabel("Webhook").FillAsync("nothing");
        await page.GetByLabel("demo.steps").CheckAsync();
        await page.GetByLabel("Failed").CheckAsync();
        await page.GetByLabel("Tags").FillAsync("team=maps");
        await Button(page, "Subscribe").ClickAsync();
        await Expect(page.GetByLabel("Webhook")).ToBeFocusedAsync();
        await Expect(page.GetByText("must be an absolute http or https URI")).ToBeVisibleAsync();
        await shown.LooksWellAsync("callbacks-form");
        await page.GetByLabel("Webhook").FillAsync(receiver.Address + "/hook");
        await Button(page, "Subscribe").ClickAsync();
        string secret = await page.Locator("rops-secret-dialog code").InnerTextAsync();
        await shown.LooksWellAsync("callbacks-secret");
        await Button(page, "I have kept it").ClickAsync();
        await Expect(page.GetByText(secret)).ToHaveCountAsync(0);

        await Button(page, "Send a test").ClickAsync();
        Received test = await receiver.NextAsync();
        test.Signatures.ShouldContain(test.SignatureBy(secret));
        await Expect(page.Locator("rops-test-outcome")).ToContainTextAsync("HTTP 200");
        await Button(page, "Pause").ClickAsync();
        await Expect(page.GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        await Button(page, "Resume").ClickAsync();
        await Expect(page.GetByText("Active", new() { Exact = true })).ToBeVisibleAsync();
        await Button(page, "Edit").ClickAsync();
        await page.GetByLabel("Tags").FillAsync("");
        await page.GetByLabel("demo.steps").UncheckAsync();
        await Button(page, "Save").ClickAsync();
        await Expect(page.GetByText("team=maps")).ToHaveCountAsync(0);
        await Expect(page.GetByText("Failed", new() { Exact = true })).ToBeVisibleAsync();
        await Button(page, "Replace the secret").ClickAsync();
        await Button(page, "Replace it").ClickAsync();
        string next = await page.Locator("rops-secret-dialog code").InnerTextAsync();
        await Button(page, "I have kept it").ClickAsync();
        await Button(page, "Send a test").ClickAsync();
        Received both = await receiver.NextAsync();
        both.Signatures.ShouldBe([both.SignatureBy(next), both.SignatureBy(secret)], ignoreOrder: true);
        await page.GetByText("curl", new() { Exact = true }).Last.ClickAsync();
        await shown.LooksWellAsync("callbacks-subscriptions");

        await Button(page, "Delete").ClickAsync();
        await Button(page, "Delete it").ClickAsync();
        await Expect(page.GetByText("Nobody has subscribed yet")).ToBeVisibleAsync();
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task DeadLetters_Redelivered_ArriveAfterAll()
    {
        await using UiSite site = await UiSite.StartAsync(Settings);
        // Two tries each for three messages, all refused; then it takes everything.
        await using WebhookReceiver receiver = await WebhookReceiver.AnsweringAsync(500, 500, 500, 500, 500, 500);
        foreach (string id in new[] { "one", "two", "three" })
        {
            (await site.Client.PutAsync($"/operations/demo.steps/{id}", new { steps = 1, stepMs = 0, webhook = receiver.Address })).ShouldBe(202);
        }

        UiPage shown = await site.OpenAsync("/ui/callbacks/deliveries");
        IPage page = shown.Page;
        await Button(page, "Dead").ClickAsync();
        await Expect(page.Locator("rops-delivery")).ToHaveCountAsync(3);
        await Expect(page).ToHaveURLAsync(new Uri(site.Client.Address, "/ui/callbacks/deliveries?state=dead").ToString());
        ILocator two = page.Locator("rops-delivery", new() { HasText = "two" });
        await two.Locator("summary").First.ClickAsync();
        await Expect(two.GetByText("HTTP 500 · not taken")).ToHaveCountAsync(3);
        await shown.LooksWellAsync("callbacks-deliveries");

        await Button(two, "Redeliver").ClickAsync();
        await Expect(page.Locator("rops-delivery")).ToHaveCountAsync(2);
        await Button(page, "Redeliver all dead").ClickAsync();
        await Expect(page.GetByText("2 messages go out again")).ToBeVisibleAsync();
        await Button(page, "Redeliver 2").ClickAsync();
        await Expect(page.GetByText("Nothing is dead")).ToBeVisibleAsync();
        await Button(page, "Delivered").ClickAsync();
        await Expect(page.Locator("rops-delivery")).ToHaveCountAsync(3);
        receiver.All.Count.ShouldBe(9);
        await site.EndAsync();
    }

    [Fact(Timeout = 120_000)]
    public async Task Mailbox_ReadAndAcknowledged_IsEmpty()
    {
        await using UiSite site = await UiSite.StartAsync(Settings);
        await site.Client.RunAsync("demo.steps", new { steps = 1, stepMs = 0, message = "First.", webhook = "mailbox:orders" });
        await site.Client.RunAsync("demo.steps", new { steps = 1, stepMs = 0, message = "Second.", webhook = "mailbox:orders" });
        UiPage shown = await site.OpenAsync("/ui/callbacks/mailboxes");
        IPage page = shown.Page;
        await Expect(page.GetByText("2 pending")).ToBeVisibleAsync();
        await shown.LooksWellAsync("callbacks-mailboxes");
        await page.GetByRole(AriaRole.Link, new() { Name = "orders" }).ClickAsync();
        await Expect(page.GetByText("2 waiting")).ToBeVisibleAsync();

        await Button(page, "Keep reading").ClickAsync();
        await Expect(page.Locator(".message")).ToHaveCountAsync(2);
        await site.Client.RunAsync("demo.steps", new { steps = 1, stepMs = 0, message = "Third.", webhook = "mailbox:orders" });
        await Expect(page.Locator(".message")).ToHaveCountAsync(3);
        await Expect(page.Locator(".message").Last.Locator("pre")).ToContainTextAsync("\"message\": \"Third.\"");
        await shown.LooksWellAsync("callbacks-mailbox");
        await Button(page, "All up to here (2)").ClickAsync();
        await Expect(page.Locator(".message")).ToHaveCountAsync(1);
        await Button(page, "Acknowledge").ClickAsync();
        await Expect(page.GetByText("Waiting for messages")).ToBeVisibleAsync();
        await Expect(page.GetByText("0 pending")).ToBeVisibleAsync();
        await Button(page, "Stop reading").ClickAsync();
        (await site.Client.GetAsync("/mailboxes/orders")).Json.Number("pending").ShouldBe(0);
        await site.EndAsync();
    }

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    private static ILocator Button(ILocator within, string name) => within.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
