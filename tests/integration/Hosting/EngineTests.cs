#if !USE_HANGFIRE
using RealtimeOps.TestSupport;
#endif
using RealtimeOps.TestSupport.InProcess;
using Shouldly;
using Xunit;

namespace RealtimeOps.IntegrationTests.Hosting;

public sealed class EngineTests
{
    [Fact]
    public async Task Start_UnknownEngine_IsRefusedWithThoseThereAre()
    {
        Exception refusal = await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(new() { ["Engine"] = "steam" }));

        refusal.Message.ShouldContain("'steam'");
        refusal.Message.ShouldContain("'inprocess'");
    }

    [Fact]
    public async Task Start_SqlServer_IsRefusedInWords() =>
        (await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(new() { ["Storage:Provider"] = "sqlserver" }))).Message.ShouldContain("sqlserver");

#if !USE_HANGFIRE
    [Fact]
    public async Task Get_DashboardOfAServerWithoutHangfire_SaysHowToGetIt()
    {
        await using GatewayServer server = await GatewayServer.StartAsync();

        Answer page = (await server.Client.GetAsync("/hangfire")).ShouldBe(200);

        page["Content-Type"]!.ShouldStartWith("text/html");
        page.Text.ShouldContain("UseHangfire=true");
    }

    [Theory]
    [InlineData("Engine", "hangfire", "UseHangfire=true")]
    [InlineData("Recurring:nightly:Cron", "0 3 * * *", "Hangfire engine")]
    public async Task Start_WhatOnlyHangfireHas_IsRefusedWithWhatToDo(string setting, string value, string words) =>
        (await Should.ThrowAsync<Exception>(() => GatewayServer.StartAsync(new() { [setting] = value }))).Message.ShouldContain(words);
#endif
}
