using Microsoft.Playwright;
using RealtimeOps.TestSupport;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace RealtimeOps.E2ETests.Ui;

/// <summary>Messages to a web hook: their tries, and another one on demand.</summary>
public sealed class OperationDeliveriesTests
{
    private const string Path = "/operations/demo.steps/told";

    [Fact(Timeout = 180_000)]
    public async Task Page_DeliveryRetriedAndRedelivered_ShowsEachTry()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.AnsweringAsync(503);
        await using UiSite site = await UiSite.StartAsync("--Webhooks:AllowedTargets:0=127.0.0.1", "--Webhooks:RetrySchedule:0=00:00:01");
        UiPage ui = await site.OpenAsync();
        (await site.Client.PutAsync(Path, new { steps = 3, stepMs = 10, webhook = receiver.Address + "/done" })).ShouldBe(202);

        await ui.GoAsync("/ui" + Path);
        ILocator deliveries = ui.Page.GetByRole(AriaRole.Region, new() { Name = "Web hook deliveries" });
        await Expect(deliveries).ToContainTextAsync("Delivered");
        await Expect(deliveries.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(deliveries.Locator("tbody tr").First).ToContainTextAsync("503");
        await ui.LooksWellAsync("operation-deliveries");

        await deliveries.GetByRole(AriaRole.Button, new() { Name = "Redeliver", Exact = true }).ClickAsync();
        (await receiver.NextAsync(3)).Select(message => message.Id).Distinct().Count().ShouldBe(1, "It is the same message.");
        await Expect(deliveries.Locator("tbody tr")).ToHaveCountAsync(3);
        await Expect(deliveries).ToContainTextAsync("Delivered");
        await site.EndAsync();
    }
}
